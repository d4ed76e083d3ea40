import type { Elf } from './elf.ts';
import { Refusal } from './refusal.ts';

/** A shared library as a package brings it. */
export interface Library {
  /** The name that it is asked for by: `libc.so.6`. */
  readonly name: string;
  /** `libc6 2.36-9+deb12u14` */
  readonly from: string;
  readonly bytes: Buffer;
  readonly elf: Elf;
}

/** From this version on names of hosts are looked up inside libc.so.6; before, in libraries that nothing names. */
const lookupInside = 'GLIBC_2.34';

/**
 * Every library that a program cannot start without, the loader among them, sorted by name. Refused are libraries that
 * lack a version of a symbol that is asked of them.
 */
export function libraryClosure(program: Elf, find: (name: string) => Library | undefined): readonly Library[] {
  const loader = program.interpreter?.split('/').at(-1) ?? [];
  const asked = [program.needed, loader].flat().map((name) => ({ name, by: 'the program' }));
  const found = new Map<string, Library>();
  for (const { name, by } of asked) {
    if (found.has(name)) continue;
    const library = find(name);
    if (library === undefined) throw new Refusal(`${by} needs ${name}, which none of the packages brings`);
    refuseForeign(library, program);
    found.set(name, library);
    asked.push(...library.elf.needed.map((needed) => ({ name: needed, by: name })));
  }
  const libraries = [...found.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  refuseOlder('the program', program, found);
  refuseOlder('looking up names', { wants: new Map([['libc.so.6', [lookupInside]]]) }, found);
  for (const { name, elf } of libraries) refuseOlder(name, elf, found);
  return libraries;
}

function refuseForeign({ name, from, elf }: Library, { architecture }: Elf): void {
  if (elf.architecture === architecture) return;
  throw new Refusal(`${name} of ${from} is for ${elf.architecture}, the program for ${architecture}`);
}

function refuseOlder(by: string, { wants }: Pick<Elf, 'wants'>, found: ReadonlyMap<string, Library>): void {
  for (const [name, versions] of wants) {
    const library = found.get(name);
    const missing = versions.filter((version) => library?.elf.defines.includes(version) === false);
    if (library === undefined || missing.length === 0) continue;
    const what = `${by} needs ${missing.join(', ')} of ${name}`;
    throw new Refusal(`${what}, which ${library.from} does not have: take packages of a later release`);
  }
}
