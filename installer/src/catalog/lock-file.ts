import { readFile } from 'node:fs/promises';
import { dump, load, YAMLException } from 'js-yaml';
import { Fault } from '#engine/fault';
import type { Catalog } from './catalog.ts';
import type { Lock, LockedAsset, LockedImage, PackageSet } from './lock.ts';
import { lockMistakes } from './lock-mistakes.ts';
import { LockFile, unresolved } from './lock-schema.ts';

export const lockPath = 'manifests/catalog.lock.yaml';

const head = `# What the files and images of the catalog really are. Written by \`novasphere bundle resolve\`; not edited by hand.
# \`trust: published\`: upstream's own list of checksums says so; \`first-use\`: it is what was given out the first time.
`;

/** Reads a lock; a Fault LOCK-INVALID names every entry that is wrong, also beside the catalog. */
export async function readLock(file: string, catalog: Catalog): Promise<Lock> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw invalid(`the lock ${file} cannot be read`, file, [], cause);
  });
  const lock = parseLock(text, file);
  const mistakes = lockMistakes(lock, catalog, (name) => `${file}${lineOf(text, name)} ${name}`);
  if (mistakes.length > 0) throw invalid(`${file} is not the lock of this catalog`, file, mistakes);
  return lock;
}

export function parseLock(text: string, file: string): Lock {
  const raw = yamlOf(text, file);
  const result = LockFile.safeParse(raw);
  if (result.success) return lockOf(result.data);
  const mistakes = result.error.issues.map(({ path, message }) => {
    const name = nameOf(raw, path);
    return `${[`${file}${lineOf(text, name)} ${name}`, ...path.slice(2).map(String)].join(', ')}: ${message}`;
  });
  throw invalid(`${file} has ${mistakes.length} mistake${mistakes.length === 1 ? '' : 's'}`, file, mistakes);
}

/** The text of a lock: always the same for the same lock. */
export function lockText({ assets, images, packages }: Lock): string {
  const file = {
    version: 1,
    assets: assets.map(({ sha256 = unresolved, size = unresolved, trust, ...one }) => ({
      ...one,
      sha256,
      size,
      ...(trust === undefined ? {} : { trust }),
    })),
    images: images.map(({ reference, component, licence, digest = unresolved, platforms }) => ({
      reference,
      component,
      licence,
      digest,
      ...(Object.keys(platforms).length === 0 ? {} : { platforms }),
    })),
    packages: packages.map(({ series, architecture, debs = unresolved }) => ({ series, architecture, debs })),
  };
  return `${head}${dump(file, { lineWidth: -1, noRefs: true })}`;
}

function lockOf({ assets, images, packages }: LockFile): Lock {
  return {
    assets: assets.map(({ sha256, size, ...one }): LockedAsset => ({ ...one, ...known({ sha256, size }) })),
    images: images.map(
      ({ digest, platforms = {}, ...one }): LockedImage => ({ ...one, platforms, ...known({ digest }) }),
    ),
    packages: packages.map(({ debs, ...one }): PackageSet => ({ ...one, ...known({ debs }) })),
  };
}

/** Only what is resolved. */
function known<Values extends object>(values: Values): { [Key in keyof Values]?: Exclude<Values[Key], 'unresolved'> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== unresolved)) as never;
}

function yamlOf(text: string, file: string): unknown {
  try {
    return load(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const at = error.mark === undefined ? '' : `:${error.mark.line + 1}:${error.mark.column + 1}`;
    throw invalid(`${file} is not YAML`, file, [`${file}${at}: ${error.reason}`]);
  }
}

/** What an entry is called: its path, its reference or its series. */
function nameOf(raw: unknown, path: readonly PropertyKey[]): string {
  const [list = '', index = ''] = path;
  const lists = raw as Readonly<
    Record<PropertyKey, Readonly<Record<PropertyKey, Record<string, string | undefined>>>>
  > | null;
  const entry = lists?.[list]?.[index];
  return entry?.['path'] ?? entry?.['reference'] ?? entry?.['series'] ?? path.map(String).join('.');
}

/** `:14`: the line on which an entry begins, as the lock is written. */
function lineOf(text: string, name: string): string {
  const line = text.split('\n').findIndex((one) => one.endsWith(`: ${name}`) && one.startsWith('  - '));
  return line < 0 ? '' : `:${line + 1}`;
}

function invalid(message: string, file: string, mistakes: readonly string[], cause?: unknown): Fault {
  return new Fault({
    code: 'LOCK-INVALID',
    message,
    where: [`file ${file}`],
    evidence: mistakes.slice(0, 10),
    ...(cause === undefined ? {} : { cause }),
    remedy: [
      `git checkout ${lockPath}          takes the lock of this release again`,
      'novasphere bundle resolve          writes it anew, on a machine with the internet',
    ],
  });
}
