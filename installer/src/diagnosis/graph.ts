import type { Trouble } from './trouble.ts';

/** A root and what it has led to, the nearest first; one entry a name, in the level in which it first comes. */
export interface Cascade {
  readonly root: Trouble;
  /** Names by distance from the root. */
  readonly levels: readonly (readonly string[])[];
  /** Keys of everything in it, the root's own among them. */
  readonly keys: ReadonlySet<string>;
}

/** Sorts troubles into roots and what is so because of them. */
export function cascades(troubles: readonly Trouble[]): readonly Cascade[] {
  const byKey = new Map(held(troubles).map((one) => [one.key, one]));
  const blames = acyclic(byKey);
  const roots = [...byKey.values()].filter(({ key }) => blames.get(key)?.length === 0);
  const merged = alike(roots);
  return merged
    .toSorted((one, other) => one[0].rank - other[0].rank || one[0].key.localeCompare(other[0].key))
    .map((some) => cascadeOf(some, byKey, blames));
}

/** Without what is under way and waits for nothing that is in trouble. */
function held(troubles: readonly Trouble[]): readonly Trouble[] {
  const keys = new Set(troubles.map(({ key }) => key));
  const left = troubles.filter(
    ({ key, underWay, blames }) => underWay !== true || blames.some((one) => one !== key && keys.has(one)),
  );
  return left.length === troubles.length ? left : held(left);
}

/** Whom each blames, of those that are there; where they blame each other, the one of lower rank blames nobody. */
function acyclic(byKey: ReadonlyMap<string, Trouble>): ReadonlyMap<string, readonly string[]> {
  const blames = new Map(
    [...byKey.values()].map(({ key, blames: some }) => [
      key,
      [...new Set(some)].filter((one) => one !== key && byKey.has(one)),
    ]),
  );
  const order = [...byKey.values()].toSorted((one, other) => one.rank - other.rank);
  for (const { key } of order) if (reaches(key, key, blames)) blames.set(key, []);
  return blames;
}

function reaches(from: string, to: string, blames: ReadonlyMap<string, readonly string[]>): boolean {
  const open = [...(blames.get(from) ?? [])];
  const seen = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(blames.get(next) ?? []));
  }
  return false;
}

/** The same failure of the same part, on several nodes or pods, is one problem. */
function alike(roots: readonly Trouble[]): readonly (readonly [Trouble, ...Trouble[]])[] {
  const groups = Map.groupBy(roots, ({ name, title, because, advice }) =>
    JSON.stringify([name, title, because[0], advice]),
  );
  return [...groups.values()].map((some) => some as [Trouble, ...Trouble[]]);
}

function cascadeOf(
  [first, ...others]: readonly [Trouble, ...Trouble[]],
  byKey: ReadonlyMap<string, Trouble>,
  blames: ReadonlyMap<string, readonly string[]>,
): Cascade {
  const distance = new Map([first, ...others].map(({ key }) => [key, 0]));
  // The longest way counts: what needs two things is told after both.
  for (let changed = true; changed; ) {
    changed = false;
    for (const [key, some] of blames) {
      const far = Math.max(...some.map((one) => distance.get(one) ?? -1)) + 1;
      if (far <= (distance.get(key) ?? 0)) continue;
      distance.set(key, far);
      changed = true;
    }
  }
  return {
    root: withOthers(first, others),
    levels: levelsOf(first.name, distance, byKey),
    keys: new Set(distance.keys()),
  };
}

function withOthers(root: Trouble, others: readonly Trouble[]): Trouble {
  if (others.length === 0) return root;
  const names = others.map(({ object }) => object);
  const some = names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return { ...root, evidence: [...root.evidence, `the same: ${some}`] };
}

function levelsOf(
  own: string,
  distance: ReadonlyMap<string, number>,
  byKey: ReadonlyMap<string, Trouble>,
): readonly (readonly string[])[] {
  const nearest = new Map<string, number>();
  for (const [key, far] of distance) {
    const name = byKey.get(key)?.name ?? key;
    if (far > 0 && name !== own) nearest.set(name, Math.min(nearest.get(name) ?? far, far));
  }
  const levels = Map.groupBy(
    [...nearest].toSorted(([one], [other]) => one.localeCompare(other)),
    ([, far]) => far,
  );
  return [...levels].toSorted(([one], [other]) => one - other).map(([, some]) => some.map(([name]) => name));
}
