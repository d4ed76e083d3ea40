import type { Path } from './mistake.ts';
import type { Places } from './places.ts';
import type { Source, Spot } from './source.ts';

/** Where the values of a profile are written, for messages that come later than reading it. */
export interface Positions {
  readonly file: string;
  /** The value, or the closest thing around it that is written. */
  at(path: Path): Spot;
  /** `plant-7.yaml:14:9` */
  where(path: Path): string;
}

export function positionsOf(source: Source, places: Places): Positions {
  const at = (path: Path): Spot => source.spot(places.nearest(path).value);
  const where = (path: Path): string => `${source.file}:${at(path).line}:${at(path).column}`;
  return { file: source.file, at, where };
}
