import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleProblem } from '#ports/bundle';
import { type BundleIndex, type IndexEntry, indexName, signatureName } from '../index/index-file.ts';
import { type Contents, contentsOf } from './contents.ts';
import type { Digest } from './digest-file.ts';
import { digestFiles } from './digest-files.ts';
import { saidBy } from './system-error.ts';

export interface CompareOptions {
  /** Called now and then with the bytes that were read, of those that are to be read. */
  readonly progress?: (read: number, of: number) => void;
  /** Called with each problem as soon as it is seen: what is missing or cut short, before a single file is read. */
  readonly found?: (problem: BundleProblem) => void;
  readonly signal?: AbortSignal;
}

export interface Comparison {
  /** Sorted by path. */
  readonly problems: readonly BundleProblem[];
  /** How many files were read to their end. */
  readonly files: number;
  /** Bytes of those files. */
  readonly bytes: number;
}

/** Everything in which a directory differs from its index. */
export async function compareWithIndex(
  place: string,
  index: BundleIndex,
  { progress, found, signal }: CompareOptions = {},
): Promise<Comparison> {
  const contents = await contentsOf(place);
  const problems = unexpected(contents, index);
  const entries = [...index.files.values()].filter(({ path }) => !index.refused.has(path) && !isBehind(path, contents));
  const facts = await Promise.all(entries.map(async (entry) => ({ entry, problem: await sizeProblem(place, entry) })));
  problems.push(...facts.flatMap(({ problem }) => problem ?? []));
  problems.forEach((problem) => found?.(problem));
  const whole = facts.filter(({ problem }) => problem === undefined).map(({ entry }) => entry);
  const of = whole.reduce((sum, { size }) => sum + size, 0);
  const digests = await digestFiles(
    whole.map(({ path, size }) => ({ file: join(place, path), size })),
    { progress: (read) => progress?.(read, of), ...(signal === undefined ? {} : { signal }) },
  );
  for (const [at, entry] of whole.entries()) {
    const problem = digestProblem(entry, digests[at] ?? {});
    if (problem === undefined) continue;
    problems.push(problem);
    found?.(problem);
  }
  return { problems: problems.sort(byPath), files: digests.filter(({ sha256 }) => sha256).length, bytes: of };
}

/** What lies in the directory or stands in the index and may not. */
function unexpected({ files, links, special, closed }: Contents, index: BundleIndex): BundleProblem[] {
  const extra = [...files].filter((path) => ![indexName, signatureName].includes(path) && !index.files.has(path));
  return [
    ...[...index.refused].map(([path, detail]) => ({ kind: 'escapes', path, detail }) as const),
    ...[...links].map((path) => ({ kind: 'link', path, detail: 'a link, which could lead anywhere' }) as const),
    ...[...special].map(([path, detail]) => ({ kind: 'special', path, detail }) as const),
    ...[...closed].map(([path, detail]) => ({ kind: 'unreadable', path, detail }) as const),
    ...extra.map((path) => ({ kind: 'extra', path, detail: 'the index does not name it' }) as const),
  ];
}

/** What lies behind a link is not read: it could be anything of the machine. What was told already is not told again. */
function isBehind(path: string, { links, special, closed }: Contents): boolean {
  if (special.has(path) || closed.has('.')) return true;
  return [...links, ...closed.keys()].some((other) => path === other || path.startsWith(`${other}/`));
}

async function sizeProblem(place: string, { path, size }: IndexEntry): Promise<BundleProblem | undefined> {
  const facts = await lstat(join(place, path)).catch((error: NodeJS.ErrnoException) => error);
  if (facts instanceof Error) {
    if (facts.code !== 'ENOENT' && facts.code !== 'ENOTDIR') return { kind: 'unreadable', path, detail: saidBy(facts) };
    return { kind: 'missing', path, detail: 'the index names it, the directory lacks it' };
  }
  if (facts.isDirectory()) return { kind: 'changed', path, detail: 'a directory instead of a file' };
  return facts.size === size ? undefined : { kind: 'changed', path, detail: `${facts.size} bytes instead of ${size}` };
}

function digestProblem({ path, sha256: wanted }: IndexEntry, { sha256, error }: Digest): BundleProblem | undefined {
  if (sha256 === undefined) return { kind: 'unreadable', path, detail: error ?? 'nobody has read it' };
  if (sha256 === wanted) return undefined;
  return { kind: 'changed', path, detail: `sha256 ${sha256.slice(0, 12)}… instead of ${wanted.slice(0, 12)}…` };
}

function byPath(one: BundleProblem, other: BundleProblem): number {
  return one.path < other.path ? -1 : 1;
}
