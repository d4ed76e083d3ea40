import { EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import type { Mistake, Path } from './mistake.ts';
import { PlaceBook, type Places } from './places.ts';
import type { Source } from './source.ts';
import { syntaxMistake } from './yaml-syntax.ts';
import { growTree, startOf } from './yaml-tree.ts';

/** A profile is six levels deep; what is far deeper is not one. */
const maxDepth = 32;

/** What a YAML file says, with the place of every value. */
export interface Tree {
  /** Undefined: there is nothing to go on with. */
  readonly value: unknown;
  readonly places: Places;
  readonly mistakes: readonly Mistake[];
  /** Parts that could not be understood: what else is wrong with them is not worth telling. */
  readonly spoilt: readonly Path[];
}

/** Reads YAML as plain data: one document, no anchors, no tags, no merge keys, no key twice. */
export function readYaml(source: Source): Tree {
  let events: readonly Event[];
  try {
    events = parseEvents(source.text, { maxDepth });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    return nothing(syntaxMistake(source, error.reason, error.mark?.position ?? 0));
  }
  const [first, second] = documents(events).filter((document) => !isBlank(document[0]));
  if (first === undefined) return nothing(emptyFile(source));
  const tree = growTree(source, first);
  return second === undefined ? tree : { ...tree, mistakes: [...tree.mistakes, secondDocument(source, second)] };
}

function documents(events: readonly Event[]): readonly (readonly Event[])[] {
  const starts = events.flatMap((event, index) => (event.type === EVENT_ID.DOCUMENT ? [index] : []));
  return starts.map((start, index) => events.slice(start + 1, (starts[index + 1] ?? events.length) - 1));
}

function isBlank(event: Event | undefined): boolean {
  if (event === undefined) return true;
  return event.type === EVENT_ID.SCALAR && event.valueStart < 0 && event.tagStart < 0 && event.anchorStart < 0;
}

function nothing(mistake: Mistake): Tree {
  return { value: undefined, places: new PlaceBook(), mistakes: [mistake], spoilt: [] };
}

function emptyFile(source: Source): Mistake {
  return source.mistake(0, [], 'the file is empty', '`novasphere init` writes a profile to start from');
}

function secondDocument(source: Source, events: readonly Event[]): Mistake {
  const start = events[0] === undefined ? 0 : startOf(events[0], 0);
  const marker = source.text.lastIndexOf('\n---', start) + 1;
  const offset = marker > 0 ? marker : start;
  return source.mistake(offset, [], 'a second document begins here; a profile is one', 'put it into a file of its own');
}
