import type { Path } from './mistake.ts';

/** Where a value is written. Offsets into the text. */
export interface Place {
  /** Where its key starts; the value itself in a list. */
  readonly key: number;
  readonly value: number;
  /** A mapping or a list. */
  readonly isCollection?: true;
  /** A value without quotes, exactly as written. */
  readonly written?: string;
}

/** Every value of a file by its path. */
export interface Places {
  /** Undefined for what the file does not write (a default). */
  at(path: Path): Place | undefined;
  /** The value, or else the closest thing around it that is written. */
  nearest(path: Path): Place;
}

const separator = '\u0000';

/** Written while a file is read. */
export class PlaceBook implements Places {
  private readonly known = new Map<string, Place>();

  put(path: Path, place: Place): void {
    this.known.set(path.join(separator), place);
  }

  at(path: Path): Place | undefined {
    return this.known.get(path.join(separator));
  }

  nearest(path: Path): Place {
    for (let length = path.length; length >= 0; length -= 1) {
      const place = this.at(path.slice(0, length));
      if (place !== undefined) return place;
    }
    return { key: 0, value: 0 };
  }
}
