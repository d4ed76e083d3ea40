import { allComponents, type Catalog, imageArchive } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import type { Bundle, BundleFile, BundleImage } from '#ports/bundle';
import { isK3s, k3sText } from './pretend-file.ts';
import { missing, type RehearsedBundle, type RehearsedFile } from './rehearsed-bundle.ts';
import { isArchive } from './rehearsed-images.ts';

type Known<Value> = { readonly value: Value } | { readonly fault: Fault };

interface KnownFile {
  readonly file: BundleFile;
  readonly text?: string;
}

/**
 * A real bundle, as a rehearsal installs from it: its manifests, and what its proof says of its images. Everything is read
 * before: while a file is read simulated time would pass. `trusted`: the keys that the profile names.
 */
export async function rehearsedFrom(
  bundle: Bundle,
  catalog: Catalog,
  trusted: readonly string[],
): Promise<RehearsedBundle> {
  const [seal, problems, images, files] = await Promise.all([
    bundle.signature(trusted),
    bundle.verify(),
    known(() => bundle.images()),
    knownFiles(bundle, catalog),
  ]);
  const find = (path: string): KnownFile => told(files.get(path) ?? { fault: missing(path, bundle.place) });
  const sources = sourcesOf(files);
  const rehearsed: RehearsedBundle = {
    place: bundle.place,
    about: `the bundle ${bundle.place}`,
    seal,
    ...(bundle.madeFor === undefined ? {} : { madeFor: bundle.madeFor }),
    text: async (path) => find(path).text ?? '',
    file: async (path) => find(path).file,
    verify: async () => problems,
    signature: async () => rehearsed.seal,
    images: async () => told(images),
    imagesOf: (path, digest) => ('value' in images ? heldIn(images.value, path, digest, sources) : []),
    sourceOf: (source) => sources.get(source),
  };
  return rehearsed;
}

async function knownFiles(bundle: Bundle, catalog: Catalog): Promise<ReadonlyMap<string, Known<KnownFile>>> {
  const read = (path: string) =>
    known(async (): Promise<KnownFile> => {
      const file = await bundle.file(path);
      if (isK3s(path)) return { file, text: k3sText(catalog) };
      return isText(path) ? { file, text: await bundle.text(path) } : { file };
    });
  const paths = pathsOf(bundle, catalog);
  return new Map(await Promise.all(paths.map(async (path) => [path, await read(path)] as const)));
}

/** What a machine is told of each file, by where it lies. */
function sourcesOf(files: ReadonlyMap<string, Known<KnownFile>>): ReadonlyMap<string, RehearsedFile> {
  const found = [...files.values()].flatMap((one) => ('value' in one ? [one.value] : []));
  return new Map(
    found.map(({ file: { source, sha256, size }, text }) => [
      source,
      { sha256, size, ...(text === undefined ? {} : { text }) },
    ]),
  );
}

/** Every path that the installation may ask for. */
function pathsOf({ madeFor }: Bundle, catalog: Catalog): readonly string[] {
  const assets = allComponents(catalog).flatMap((one) => one.assets.map(({ path }) => path));
  return [...assets, 'debs/Packages', ...(madeFor === undefined ? [] : [imageArchive(madeFor.architecture)])];
}

function isText(path: string): boolean {
  return /\.ya?ml$/.test(path) || path === 'debs/Packages';
}

/** What the proof says of the archive that a machine was given, if it is the one of this bundle. */
function heldIn(
  images: readonly BundleImage[],
  path: string,
  digest: string | undefined,
  sources: ReadonlyMap<string, RehearsedFile>,
): readonly BundleImage[] {
  const isOurs = digest === undefined || [...sources.values()].some(({ sha256 }) => sha256 === digest);
  return isOurs ? images.filter(({ archive }) => isArchive(path, archive)) : [];
}

/** A Fault is kept for whoever asks. */
async function known<Value>(work: () => Promise<Value>): Promise<Known<Value>> {
  try {
    return { value: await work() };
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }
}

function told<Value>(one: Known<Value>): Value {
  if ('fault' in one) throw one.fault;
  return one.value;
}
