import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE } from 'js-yaml';
import type { Mistake, Path } from './mistake.ts';
import { PlaceBook } from './places.ts';
import type { Source } from './source.ts';
import type { Tree } from './yaml.ts';
import { resolvePlain } from './yaml-scalar.ts';

type Scalar = Extract<Event, { type: typeof EVENT_ID.SCALAR }>;

/** Where an event's value begins; `otherwise` when it is written as nothing at all. */
export function startOf(event: Event, otherwise: number): number {
  if (event.type === EVENT_ID.SCALAR) {
    if (event.valueStart < 0) return otherwise;
    const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
    return isQuoted ? event.valueStart - 1 : event.valueStart;
  }
  if (event.type === EVENT_ID.ALIAS) return event.anchorStart - 1;
  return 'start' in event ? event.start : otherwise;
}

/** The value and the places of one document's events; tells whatever is not plain data. */
export function growTree(source: Source, events: readonly Event[]): Tree {
  const grower = new Grower(source, events);
  const value = grower.grow([], undefined);
  return { value, places: grower.places, mistakes: grower.mistakes, spoilt: grower.spoilt };
}

class Grower {
  readonly places = new PlaceBook();
  readonly mistakes: Mistake[] = [];
  readonly spoilt: Path[] = [];
  private next = 0;
  /** Where the last thing was seen: the place of what is written as nothing. */
  private seen = 0;
  private readonly source: Source;
  private readonly events: readonly Event[];

  constructor(source: Source, events: readonly Event[]) {
    this.source = source;
    this.events = events;
  }

  /** The value of the next event and all beneath it. */
  grow(path: Path, key: number | undefined): unknown {
    const event = this.take();
    const value = startOf(event, key ?? this.seen);
    this.seen = value;
    const isPlain = event.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN && event.valueStart >= 0;
    const written = isPlain ? { written: this.source.text.slice(event.valueStart, event.valueEnd) } : {};
    const isCollection = event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING;
    this.places.put(path, { key: key ?? value, value, ...written, ...(isCollection ? { isCollection } : {}) });
    this.refuseExtras(event, path);
    if (event.type === EVENT_ID.SEQUENCE) return this.growList(path);
    if (event.type === EVENT_ID.MAPPING) return this.growMapping(path);
    return event.type === EVENT_ID.SCALAR ? this.scalar(event, path) : undefined;
  }

  private growList(path: Path): unknown[] {
    const list: unknown[] = [];
    while (this.peek()?.type !== EVENT_ID.POP) list.push(this.grow([...path, list.length], undefined));
    this.take();
    return list;
  }

  private growMapping(path: Path): object {
    // Without a prototype, `__proto__` is a key like any other.
    const mapping: Record<string, unknown> = Object.create(null);
    while (this.peek()?.type !== EVENT_ID.POP) this.growEntry(mapping, path);
    this.take();
    return mapping;
  }

  private growEntry(mapping: Record<string, unknown>, path: Path): void {
    const event = this.peek();
    const at = event === undefined ? this.seen : startOf(event, this.seen);
    const name = this.key(path);
    if (name === undefined) return this.skipValue(path);
    if (Object.hasOwn(mapping, name)) return this.refuseSecond(path, name, at);
    mapping[name] = this.grow([...path, name], at);
  }

  /** The text of a key; undefined, and told, when it is none. */
  private key(path: Path): string | undefined {
    const event = this.peek();
    if (event?.type !== EVENT_ID.SCALAR) {
      const at = event === undefined ? this.seen : startOf(event, this.seen);
      this.say(at, path, 'a list, a mapping or an alias stands where a key is expected', 'write the key as plain text');
      this.spoilt.push(path);
      this.skip();
      return undefined;
    }
    this.take();
    this.refuseExtras(event, path);
    const at = startOf(event, this.seen);
    this.seen = at;
    const text = getScalarValue(this.source.text, event);
    if (text === '<<' && event.style === SCALAR_STYLE.PLAIN) return this.refuseMerge(path, at);
    if (text !== '') return text;
    this.say(at, path, 'a key without a name stands here', 'write the key before the colon');
    return undefined;
  }

  private scalar(event: Scalar, path: Path): unknown {
    const text = event.valueStart < 0 ? '' : getScalarValue(this.source.text, event);
    if (event.style !== SCALAR_STYLE.PLAIN) return text;
    const odd = /[\u00A0\u200B-\u200F\u2028\u2029\u3000“”‘’]/u.exec(text);
    if (odd === null) return resolvePlain(text);
    const code = (odd[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    const message = /[“”‘’]/u.test(odd[0])
      ? `the typographic quote ${odd[0]} stands here`
      : `the character U+${code} stands here; it looks like a space but is none`;
    this.say(event.valueStart + odd.index, path, message, 'type it anew with a plain " or a plain space');
    this.spoilt.push(path);
    return text;
  }

  private refuseExtras(event: Event, path: Path): void {
    if ('tagStart' in event && event.tagStart >= 0) {
      const tag = this.source.text.slice(event.tagStart, event.tagEnd);
      this.say(
        event.tagStart,
        path,
        `the tag ${tag} is not used in profiles`,
        'leave the tag out; put text into quotes',
      );
      this.spoilt.push(path);
    }
    if (event.type === EVENT_ID.ALIAS) return this.refuseAlias(event.anchorStart - 1, event.anchorEnd, path);
    if (!('anchorStart' in event) || event.anchorStart < 0) return;
    const at = event.anchorStart - 1;
    const anchor = this.source.text.slice(at, event.anchorEnd);
    this.say(
      at,
      path,
      `the anchor ${anchor} is not used in profiles: a reader should see each value where it stands`,
      'leave the anchor out and write the value out',
    );
  }

  private refuseAlias(at: number, end: number, path: Path): void {
    const alias = this.source.text.slice(at, end);
    this.say(
      at,
      path,
      `the alias ${alias} is not used in profiles: a reader should see each value where it stands`,
      'write the value out',
    );
    this.spoilt.push(path);
  }

  private refuseMerge(path: Path, at: number): undefined {
    this.say(at, path, 'the merge key << is not part of YAML 1.2 and would be ignored', 'write the keys out');
    this.spoilt.push(path);
    return undefined;
  }

  private refuseSecond(path: Path, name: string, at: number): void {
    const first = this.source.spot(this.places.nearest([...path, name]).key).line;
    this.say(at, [...path, name], `“${name}” is written twice; the first is in line ${first}`, 'keep one of them');
    this.skip();
  }

  private skipValue(path: Path): void {
    const event = this.peek();
    if (event?.type !== EVENT_ID.ALIAS) return this.skip();
    this.spoilt.push(path);
    this.take();
  }

  /** Passes over a value without a word. */
  private skip(): void {
    let depth = 0;
    do {
      const event = this.take();
      if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING) depth += 1;
      if (event.type === EVENT_ID.POP) depth -= 1;
    } while (depth > 0);
  }

  private say(offset: number, path: Path, message: string, right: string): void {
    this.mistakes.push(this.source.mistake(offset, path, message, right));
  }

  private peek(): Event | undefined {
    return this.events[this.next];
  }

  private take(): Event {
    const event = this.events[this.next];
    if (event === undefined) throw new RangeError('the YAML events ended in the middle of a value');
    this.next += 1;
    return event;
  }
}
