import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Elf, readElf } from './elf.ts';
import type { Library } from './library-closure.ts';
import { Refusal } from './refusal.ts';

/** A Debian or Ubuntu package, unpacked into a folder of its own. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** Of the .deb. */
  readonly sha256: string;
  readonly root: string;
}

/** What brings the shared libraries of Node.js, and the package that holds the licence of two of them. */
const isLibraryPackage = (name: string): boolean => /^(libc6|libgcc-s1|libstdc\+\+6|gcc-\d+-base)$/.test(name);

const folders: Readonly<Record<Elf['architecture'], string>> = {
  amd64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
};

/** Where the loader of Debian looks by itself, without a cache: `/lib/x86_64-linux-gnu`. */
export function libraryFolder(architecture: Elf['architecture']): string {
  return `lib/${folders[architecture]}`;
}

/** Those packages of a folder that bring libraries, for one architecture, unpacked below `into`; sorted by name. */
export function unpackPackages(debs: string, architecture: Elf['architecture'], into: string): readonly Package[] {
  if (!existsSync(debs)) throw new Refusal(`there is no folder ${debs}`);
  const files = readdirSync(debs).filter((name) => name.endsWith('.deb'));
  const packages = files.toSorted().flatMap((file) => {
    const path = join(debs, file);
    const [name = '', version = '', built] = fields(path, 'Package', 'Version', 'Architecture');
    if (!isLibraryPackage(name) || built !== architecture) return [];
    const root = join(into, name);
    if (existsSync(root)) throw new Refusal(`${debs} holds more than one version of ${name}`);
    mkdirSync(root, { recursive: true });
    dpkgDeb('-x', path, root);
    return { name, version, sha256: createHash('sha256').update(readFileSync(path)).digest('hex'), root };
  });
  return packages.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Values of a package's own description; empty where it lacks one. */
export function fields(deb: string, ...names: readonly string[]): readonly string[] {
  return names.map((name) => dpkgDeb('-f', deb, name).trim());
}

function dpkgDeb(...words: readonly string[]): string {
  try {
    return execFileSync('dpkg-deb', words, { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    const { code, stderr } = error as { readonly code?: string; readonly stderr?: string };
    if (code === 'ENOENT') throw new Refusal('dpkg-deb is not there, which reads packages: apt-get install dpkg');
    throw new Refusal(`a package cannot be read (${stderr?.trim()})`);
  }
}

/** Looks into the packages alone: a link that leads out of one would be read from the machine that builds. */
export function libraryIn(
  packages: readonly Package[],
  architecture: Elf['architecture'],
  name: string,
): Library | undefined {
  for (const one of packages) {
    for (const folder of [libraryFolder(architecture), join('usr', libraryFolder(architecture))]) {
      const path = join(one.root, folder, name);
      if (!existsSync(path) || !realpathSync(path).startsWith(`${realpathSync(one.root)}/`)) continue;
      const from = `${one.name} ${one.version}`;
      const bytes = readFileSync(path);
      return { name, from, bytes, elf: readElf(bytes, `${name} of ${from}`) };
    }
  }
  return undefined;
}

/** The licence of a package, and the name of the package that holds it: two of GCC's share one. */
export function copyrightOf(
  one: Package,
  packages: readonly Package[],
): { readonly owner: string; readonly text: Buffer } {
  const folder = join(one.root, 'usr/share/doc', one.name);
  const owner = linkedName(folder) ?? one.name;
  const holder = packages.find(({ name }) => name === owner);
  if (holder === undefined) throw new Refusal(`the licence of ${one.name} is in ${owner}: add its .deb`);
  return { owner, text: readFileSync(join(holder.root, 'usr/share/doc', owner, 'copyright')) };
}

function linkedName(path: string): string | undefined {
  try {
    return basename(readlinkSync(path));
  } catch {
    return undefined;
  }
}
