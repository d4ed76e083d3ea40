import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copyrightOf, libraryFolder, libraryIn, type Package } from './debian-packages.ts';
import { type Elf, readElf } from './elf.ts';
import type { ImageFile } from './layer.ts';
import { libraryClosure } from './library-closure.ts';
import { Refusal } from './refusal.ts';

/** Whom the program runs as; no other account is known in the image. */
const user = 65532;

/** The official program, byte for byte. */
export interface Runtime {
  readonly bytes: Buffer;
  readonly elf: Elf;
  /** `24.21.0` */
  readonly version: string;
  readonly licence: Buffer;
}

/** `file`: `bin/node` of an unpacked release of Node.js, which has its licence beside `bin`. */
export function readRuntime(file: string): Runtime {
  if (!existsSync(file))
    throw new Refusal(`there is no ${file}: name the bin/node of a release of Node.js with --node`);
  const bytes = readFileSync(file);
  const elf = readElf(bytes, file);
  // The address of its own headers is part of every official build.
  const version = /\/node-v(\d+\.\d+\.\d+)-headers\.tar\.gz/.exec(bytes.toString('latin1'))?.[1];
  if (version === undefined) throw new Refusal(`${file} is not the program of an official release of Node.js`);
  const licence = join(dirname(file), '../LICENSE');
  if (!existsSync(licence)) throw new Refusal(`${licence} is not there: unpack the whole release of Node.js`);
  return { bytes, elf, version, licence: readFileSync(licence) };
}

/** What the runtime needs of a system: its libraries, their licences, one account and the order of looking up names. */
export function systemFiles({ elf }: Runtime, packages: readonly Package[]): readonly ImageFile[] {
  const libraries = libraryClosure(elf, (name) => libraryIn(packages, elf.architecture, name));
  const files = libraries.map(({ name, bytes }): ImageFile => {
    const isLoader = elf.interpreter?.endsWith(`/${name}`) === true;
    if (isLoader) return { path: elf.interpreter.slice(1), bytes, executable: true };
    return { path: `${libraryFolder(elf.architecture)}/${name}`, bytes };
  });
  const used = packages.filter(({ name, version }) => libraries.some(({ from }) => from === `${name} ${version}`));
  const licences = new Map(used.map((one) => copyrightOf(one, packages)).map(({ owner, text }) => [owner, text]));
  return [
    ...files,
    ...[...licences].map(([owner, bytes]) => ({ path: `usr/share/doc/${owner}/copyright`, bytes })),
    ...Object.entries(accounts).map(([path, text]) => ({ path, bytes: Buffer.from(text) })),
  ];
}

const accounts = {
  'etc/group': `nonroot:x:${user}:\n`,
  'etc/nsswitch.conf': 'group: files\nhosts: files dns\npasswd: files\n',
  'etc/passwd': `nonroot:x:${user}:${user}:nonroot:/nonexistent:/sbin/nologin\n`,
};

export function runtimeFiles({ bytes, licence }: Runtime): readonly ImageFile[] {
  return [
    { path: 'usr/bin/node', bytes, executable: true },
    { path: 'usr/share/doc/nodejs/copyright', bytes: licence },
  ];
}

/** How it is started, as the configuration of the image has it. */
export const started = {
  User: `${user}:${user}`,
  Env: ['PATH=/usr/bin'],
  Entrypoint: ['/usr/bin/node', '/app/main.js'],
  WorkingDir: '/app',
};
