import type { Clock } from '#ports/clock';
import type { Entry, Journal, View } from '#ports/journal';

type WithoutTime<One> = One extends Entry ? Omit<One, 'at'> : never;

/** One event of a run, before it is stamped with the time. */
export type News = WithoutTime<Entry>;

/** Writes an event down first and shows it then: what a person saw is never missing from the journal. */
export type Tell = (news: News) => void;

export function teller(clock: Clock, journal: Journal, view: View): Tell {
  return (news) => {
    const entry = { at: new Date(clock.now()).toISOString(), ...news } as Entry;
    journal.append(entry);
    view.show(entry);
  };
}
