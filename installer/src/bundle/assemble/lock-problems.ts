import type { Lock } from '#catalog/lock';
import { isForSame } from '#catalog/locked';
import type { BundleProblem } from '#ports/bundle';
import type { BundleIndex } from '../index/index-file.ts';
import { debPath } from '../packages/package-index.ts';

/** In what the files of a bundle are not those of the lock, although its index agrees with them. Sorted by path. */
export function lockProblems({ files, madeFor }: BundleIndex, lock: Lock): readonly BundleProblem[] {
  const sets = madeFor === undefined ? [] : lock.packages.filter((set) => isForSame(set, madeFor));
  const locked = [
    ...lock.assets.filter(({ architecture }) => architecture === undefined || architecture === madeFor?.architecture),
    ...sets.flatMap(({ debs = [] }) => debs.map((deb) => ({ path: debPath(deb), sha256: deb.sha256 }))),
  ];
  return locked
    .flatMap(({ path, sha256 }): readonly BundleProblem[] => {
      const there = files.get(path);
      if (there === undefined) return [{ kind: 'missing', path, detail: 'the lock names it, the index does not' }];
      if (there.sha256 === sha256) return [];
      const detail = `the index says sha256 ${there.sha256.slice(0, 12)}…, the lock ${sha256?.slice(0, 12)}…`;
      return [{ kind: 'changed', path, detail }];
    })
    .toSorted((one, other) => (one.path < other.path ? -1 : 1));
}
