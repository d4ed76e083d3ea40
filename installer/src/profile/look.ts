import { isWithin, type Mistake, type Path } from './mistake.ts';
import type { Places } from './places.ts';
import type { Profile } from './schema.ts';
import type { Source } from './source.ts';

export interface Remark {
  /** What is wrong. */
  readonly message: string;
  readonly right: string;
  /** Other values that it is about. */
  readonly others?: readonly Path[];
  readonly severity?: 'warning';
}

/** What a relation looks at, and how it tells what does not go together. */
export interface Look {
  readonly profile: Profile;
  /** False for defaults. */
  isWritten(path: Path): boolean;
  /** `line 12`; `the default` for what is not written. */
  line(path: Path): string;
  say(path: Path, remark: Remark): void;
}

/** One rule about several values of a profile together. */
export type Relation = (look: Look) => void;

export interface Found {
  readonly look: Look;
  readonly mistakes: readonly Mistake[];
}

/** A look that keeps what it is told, except about values that were lost. */
export function lookAt(profile: Profile, source: Source, places: Places, lost: readonly Path[]): Found {
  const mistakes: Mistake[] = [];
  // What was lost right beneath a value may be just what the value seems to lack.
  const isLost = (path: Path): boolean =>
    lost.some((one) => isWithin(path, one) || (one.length === path.length + 1 && isWithin(one, path)));
  const look: Look = {
    profile,
    isWritten: (path) => places.at(path) !== undefined,
    line: (path) => {
      const place = places.at(path);
      return place === undefined ? 'the default' : `line ${source.spot(place.key).line}`;
    },
    say: (path, remark) => {
      if ([path, ...(remark.others ?? [])].some((one) => isLost(one))) return;
      const found = places.nearest(path);
      const isWhole = places.at(path) === undefined || found.isCollection === true;
      const offset = isWhole ? found.key : found.value;
      const mistake = source.mistake(offset, path, remark.message, remark.right);
      mistakes.push({ ...mistake, severity: remark.severity ?? 'mistake' });
    },
  };
  return { look, mistakes };
}
