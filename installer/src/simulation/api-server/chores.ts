import { Collector } from './collector.ts';
import type { Core } from './core.ts';
import { Definitions } from './definitions.ts';
import { Namespaces } from './namespaces.ts';

/** Does something a moment later, or as soon as there is power again. */
export type Later = (milliseconds: number, work: () => Promise<void> | void) => void;

/** What a control plane does by itself: serves new kinds, empties namespaces, collects what nobody owns. */
export function startChores(core: Core, later: Later, unreachable: () => readonly string[]): void {
  const namespaces = new Namespaces(core, later, unreachable);
  const chores = [new Definitions(core, later), namespaces, new Collector(core, later)];
  core.store.listen(undefined, (change) => {
    for (const chore of chores) chore.saw(change);
  });
}
