import { createHash } from 'node:crypto';
import type { PathFacts } from '#ports/host';

/** What is known of a file that was placed from outside, such as one of the bundle. */
export interface SourceFile {
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** The content, when it is a text that somebody reads. */
  readonly text?: string;
}

interface Entry {
  readonly kind: 'file' | 'directory' | 'link';
  readonly mode: number;
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
  readonly text?: string;
  readonly source?: SourceFile;
  readonly target?: string;
}

/** The files on a simulated machine's disk. Directories are there when something is in them, or when made. */
export class FileStore {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  read(path: string): string | undefined {
    const entry = this.#follow(path);
    return entry?.kind === 'file' ? (entry.text ?? entry.source?.text ?? '') : undefined;
  }

  list(path: string): readonly string[] {
    const start = path === '/' ? '/' : `${this.#real(path)}/`;
    const names = new Set<string>();
    for (const key of this.#entries.keys()) {
      if (key.startsWith(start)) names.add(key.slice(start.length).split('/')[0] ?? '');
    }
    return [...names].sort();
  }

  look(path: string): PathFacts | undefined {
    const entry = this.#entries.get(path);
    if (entry === undefined) {
      return this.list(path).length > 0 ? { kind: 'directory', mode: 0o755, size: 4096 } : undefined;
    }
    return { kind: entry.kind, mode: entry.mode, size: sizeOf(entry) };
  }

  digest(path: string): string | undefined {
    const entry = this.#follow(path);
    if (entry?.kind !== 'file') return undefined;
    return (
      entry.source?.sha256 ??
      createHash('sha256')
        .update(entry.text ?? '')
        .digest('hex')
    );
  }

  owner(path: string): string {
    return this.#entries.get(path)?.owner ?? 'root';
  }

  modified(path: string): number {
    return this.#follow(path)?.modified ?? 0;
  }

  target(path: string): string | undefined {
    return this.#entries.get(path)?.target;
  }

  put(path: string, content: string | SourceFile, mode = 0o644): void {
    const what = typeof content === 'string' ? { text: content } : { source: content };
    this.#entries.set(path, { kind: 'file', mode, owner: 'root', modified: this.#now(), ...what });
  }

  link(path: string, target: string): void {
    this.#entries.set(path, { kind: 'link', mode: 0o777, owner: 'root', modified: this.#now(), target });
  }

  makeDirectory(path: string, mode = 0o755, owner = 'root'): void {
    this.#entries.set(path, { kind: 'directory', mode, owner, modified: this.#now() });
  }

  own(path: string, owner: string): void {
    const entry = this.#entries.get(path);
    if (entry !== undefined) this.#entries.set(path, { ...entry, owner });
  }

  remove(path: string): boolean {
    return this.#entries.delete(path);
  }

  /** The same file under another name. */
  rename(from: string, to: string): void {
    const entry = this.#entries.get(from);
    if (entry === undefined) return;
    this.#entries.set(to, entry);
    this.#entries.delete(from);
  }

  /** Removes a path and all beneath it. */
  removeTree(path: string): void {
    for (const key of this.#entries.keys()) {
      if (key === path || key.startsWith(`${path}/`)) this.#entries.delete(key);
    }
  }

  /** The nearest directory above a path that is there. */
  nearest(path: string): string {
    let here = path;
    while (here !== '/' && this.look(here) === undefined) here = parent(here);
    return here;
  }

  #follow(path: string): Entry | undefined {
    return this.#entries.get(this.#real(path));
  }

  #real(path: string, hops = 8): string {
    const target = this.#entries.get(path)?.target;
    if (target === undefined || hops === 0) return path;
    return this.#real(new URL(target, `file://${path}`).pathname, hops - 1);
  }
}

export function parent(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}

function sizeOf(entry: Entry): number {
  if (entry.kind === 'directory') return 4096;
  return entry.source?.size ?? Buffer.byteLength(entry.text ?? entry.target ?? '');
}
