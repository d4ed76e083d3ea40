import type { Dynamic } from './elf.ts';

/** The tables of symbol versions, as the Linux Standard Base describes them (“Symbol Versioning”). */
const [defined, definedCount, wanted, wantedCount] = [0x6ffffffc, 0x6ffffffd, 0x6ffffffe, 0x6fffffff];

/** DT_VERNEED: a chain of libraries, with a chain of versions each; sorted within. */
export function wantedVersions(dynamic: Dynamic): ReadonlyMap<string, readonly string[]> {
  const { bytes } = dynamic;
  const chains = chain(dynamic, wanted, wantedCount, 12).map((at) => {
    const library = dynamic.string(bytes.readUInt32LE(at + 4));
    const versions = follow(bytes, at + bytes.readUInt32LE(at + 8), bytes.readUInt16LE(at + 2), 12);
    return [library, versions.map((one) => dynamic.string(bytes.readUInt32LE(one + 8))).toSorted()] as const;
  });
  return new Map(chains);
}

/** DT_VERDEF: a chain of versions, the first name of each is its own; the first version is the name of the file. */
export function definedVersions(dynamic: Dynamic): readonly string[] {
  const { bytes } = dynamic;
  const names = chain(dynamic, defined, definedCount, 16).map((at) => {
    const first = at + bytes.readUInt32LE(at + 12);
    return dynamic.string(bytes.readUInt32LE(first));
  });
  return names.toSorted();
}

function chain(dynamic: Dynamic, table: number, count: number, next: number): readonly number[] {
  const [address] = dynamic.values(table);
  if (address === undefined) return [];
  return follow(dynamic.bytes, dynamic.place(address), dynamic.values(count)[0] ?? 0, next);
}

/** Places of `count` entries, of which each says at `next` how far on the following one lies. */
function follow(bytes: Buffer, from: number, count: number, next: number): readonly number[] {
  const places: number[] = [];
  for (let at = from; places.length < count; at += bytes.readUInt32LE(at + next)) places.push(at);
  return places;
}
