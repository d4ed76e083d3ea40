import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BundleProblem } from '#ports/bundle';
import { type BundleIndex, indexName } from './directory-bundle-index.ts';

/** How many files are read at once: enough to keep a disk busy, few enough for a small machine. */
const atOnce = 4;

/** Everything in which a directory differs from its index, sorted by path. */
export async function compareWithIndex(place: string, index: BundleIndex): Promise<readonly BundleProblem[]> {
  const problems: BundleProblem[] = [...index.refused].map(([path, detail]) => ({ kind: 'escapes', path, detail }));
  const { files, links } = await contents(place);
  for (const path of links) problems.push({ kind: 'link', path, detail: 'a link, which could lead anywhere' });
  for (const path of files)
    if (path !== indexName && !index.files.has(path))
      problems.push({ kind: 'extra', path, detail: 'the index does not name it' });
  const queue = [...index.files.keys()].filter((path) => !index.refused.has(path) && !isBehind(path, links));
  const workers = Array.from({ length: atOnce }, async () => {
    for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
      const problem = await compare(place, path, index);
      if (problem !== undefined) problems.push(problem);
    }
  });
  await Promise.all(workers);
  return problems.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** What lies behind a link is not read: it could be anything of the machine. */
function isBehind(path: string, links: ReadonlySet<string>): boolean {
  return [...links].some((link) => path === link || path.startsWith(`${link}/`));
}

async function contents(place: string): Promise<{ files: Set<string>; links: Set<string> }> {
  const found = { files: new Set<string>(), links: new Set<string>() };
  const entries = await readdir(place, { withFileTypes: true, recursive: true });
  for (const entry of entries) {
    const path = relative(place, join(entry.parentPath, entry.name));
    if (entry.isSymbolicLink()) found.links.add(path);
    else if (!entry.isDirectory()) found.files.add(path);
  }
  return found;
}

async function compare(place: string, path: string, index: BundleIndex): Promise<BundleProblem | undefined> {
  const wanted = index.files.get(path);
  const facts = await lstat(join(place, path)).catch(() => undefined);
  if (wanted === undefined) return undefined;
  if (facts === undefined) return { kind: 'missing', path, detail: 'the index names it, the directory lacks it' };
  if (facts.size !== wanted.size)
    return { kind: 'changed', path, detail: `${facts.size} bytes instead of ${wanted.size}` };
  const sha256 = await digest(join(place, path));
  if (sha256 === wanted.sha256) return undefined;
  return { kind: 'changed', path, detail: `sha256 ${sha256.slice(0, 12)}… instead of ${wanted.sha256.slice(0, 12)}…` };
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
