/** One thing that is wrong in a file that a person wrote, and where. */
export interface Mistake {
  /** A warning is told but stops nothing. */
  readonly severity: 'mistake' | 'warning';
  /** Counted from 1, as editors do. */
  readonly line: number;
  readonly column: number;
  /** `nodes[0].disks.data.wipe`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong. */
  readonly message: string;
  /** What would be right. */
  readonly right: string;
  /** The line of the file, whole. */
  readonly source: string;
}

/** Keys and indexes from the top of the file down to a value. */
export type Path = readonly (string | number)[];

/** `nodes[0].disks.data.wipe`, as people write it. */
export function formatPath(path: Path): string {
  return path.map((part, index) => formatPart(part, index === 0)).join('');
}

function formatPart(part: string | number, isFirst: boolean): string {
  if (typeof part === 'number') return `[${part}]`;
  if (!/^[A-Za-z0-9_-]{1,60}$/.test(part)) return `[${JSON.stringify(part.slice(0, 60))}]`;
  return isFirst ? part : `.${part}`;
}

/** Whether one path is the other or leads to it. */
export function isWithin(path: Path, ancestor: Path): boolean {
  return ancestor.every((part, index) => path[index] === part);
}
