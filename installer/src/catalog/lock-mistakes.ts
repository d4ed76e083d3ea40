import type { Catalog } from './catalog.ts';
import type { Lock } from './lock.ts';
import { emptyLock } from './locked.ts';

/**
 * In what a lock is not about this catalog: something is missing in it, is there too much, or is another one. `at` says
 * where an entry is.
 */
export function lockMistakes(lock: Lock, catalog: Catalog, at: (name: string) => string): readonly string[] {
  const wanted = emptyLock(catalog);
  return [
    ...compared(lock.assets, wanted.assets, ({ path }) => path, at, ['component', 'version', 'licence', 'url']),
    ...compared(lock.images, wanted.images, ({ reference }) => reference, at, ['component', 'licence']),
    ...twice(lock.packages.map(({ series, architecture }) => `${series} ${architecture}`)),
  ];
}

function compared<Entry extends object>(
  there: readonly Entry[],
  wanted: readonly Entry[],
  nameOf: (entry: Entry) => string,
  at: (name: string) => string,
  fields: readonly (keyof Entry & string)[],
): readonly string[] {
  const byName = new Map(there.map((entry) => [nameOf(entry), entry]));
  const names = new Set(wanted.map(nameOf));
  return [
    ...twice(there.map(nameOf)),
    ...wanted.flatMap((entry) => {
      const name = nameOf(entry);
      const found = byName.get(name);
      if (found === undefined) return [`the catalog names ${name}, the lock does not`];
      return fields
        .filter((field) => found[field] !== entry[field])
        .map((field) => `${at(name)}: ${field} is ${String(found[field])} instead of ${String(entry[field])}`);
    }),
    ...[...byName.keys()].filter((name) => !names.has(name)).map((name) => `${at(name)}: the catalog does not name it`),
  ];
}

function twice(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return names.filter((name) => seen.size === seen.add(name).size).map((name) => `${name} is there twice`);
}
