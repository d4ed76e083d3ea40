import type { Architecture } from '#catalog/catalog';
import { imageReference } from '../closure/image-reference.ts';
import type { ArchiveFile } from './archive-files.ts';
import { blobsOf, type Descriptor, hexOf, type ImageIndex, readManifest, sizeOf } from './manifest.ts';

type Files = ReadonlyMap<string, ArchiveFile>;

/** An image of an archive, and what is wrong with it: nothing, as a rule. */
export interface HeldImage {
  readonly reference: string;
  /** `sha256:…` of the manifest; absent where the archive does not tell. */
  readonly digest?: string;
  /** Bytes of its layers and its configuration, as they lie in the archive. */
  readonly size: number;
  /** `layer sha256:… is missing` */
  readonly problems: readonly string[];
}

/** The images that an `index.json` of OCI names; undefined where it names none. */
export function imagesOfIndex(files: Files, architecture?: Architecture): readonly HeldImage[] | undefined {
  const index = readManifest(files.get('index.json')?.text ?? '');
  if (index?.kind !== 'index') return undefined;
  const named = index.manifests.flatMap((one) => {
    const reference = nameOf(one);
    return reference === undefined ? [] : [heldBy(reference, one, { files, architecture })];
  });
  return named.length === 0 ? undefined : named;
}

/** containerd's annotation; else skopeo's, unless that is a tag alone. */
function nameOf({ annotations }: Descriptor): string | undefined {
  const [full, other = ''] = ['io.containerd.image.name', 'org.opencontainers.image.ref.name'].map(
    (key) => annotations?.[key],
  );
  return imageReference(full ?? (/[/:]/.test(other) ? other : ''));
}

interface Within {
  readonly files: Files;
  readonly architecture: Architecture | undefined;
}

function heldBy(reference: string, descriptor: Descriptor, within: Within): HeldImage {
  const { digest } = descriptor;
  const wrong = problemOf('manifest', descriptor, within.files);
  if (wrong !== undefined) return { reference, digest, size: 0, problems: [wrong] };
  const manifest = readManifest(within.files.get(pathOf(digest))?.text ?? '');
  if (manifest === undefined) return { reference, digest, size: 0, problems: [`${digest} is no manifest`] };
  if (manifest.kind === 'index') return heldByPlatform(reference, manifest, within);
  const problems = blobsOf(manifest).flatMap((blob) => {
    const what = blob.digest === manifest.config.digest ? 'configuration' : 'layer';
    return problemOf(what, blob, within.files) ?? [];
  });
  return { reference, digest, size: sizeOf(manifest), problems };
}

/** Of an image for several platforms, the one that this archive is for: as a rule, others are named and not in it. */
function heldByPlatform(reference: string, index: ImageIndex, within: Within): HeldImage {
  const { files, architecture } = within;
  const platforms = index.manifests.filter(({ platform }) => platform?.os === 'linux');
  const found =
    architecture === undefined
      ? platforms.find(({ digest }) => files.has(pathOf(digest)))
      : platforms.find(({ platform }) => platform?.architecture === architecture);
  if (found !== undefined) return heldBy(reference, found, within);
  const wanted = architecture === undefined ? 'any platform' : architecture;
  return { reference, size: 0, problems: [`there is no manifest for ${wanted}`] };
}

function problemOf(what: string, { digest, size }: Descriptor, files: Files): string | undefined {
  const found = files.get(pathOf(digest));
  if (found === undefined) return `${what} ${digest} is missing`;
  if (found.size !== size) return `${what} ${digest} has ${found.size} bytes instead of ${size}`;
  return found.sha256 === hexOf(digest) ? undefined : `${what} ${digest} is damaged`;
}

function pathOf(digest: string): string {
  return `blobs/sha256/${hexOf(digest)}`;
}
