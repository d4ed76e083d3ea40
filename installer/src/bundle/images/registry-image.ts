import { type Architecture, architectures } from '#catalog/catalog';
import type { LockedImage, LockedManifest } from '#catalog/lock';
import type { Watch } from '../fetch/watch.ts';
import { oddImage } from './image-fault.ts';
import { type Descriptor, type ImageIndex, readManifest, sizeOf } from './manifest.ts';
import { configurationBy, digestOf, manifestBy, rawFrom, type SingleImage } from './raw-manifest.ts';
import { asked, type RegistryAccess } from './registry-access.ts';

/** What a tag names. */
type RegistryImage = Required<Pick<LockedImage, 'digest' | 'platforms'>>;

/**
 * What a registry has under a reference: the digest, and the manifest for each architecture that this product knows.
 * Faults: FETCH-FAILED, FETCH-DENIED, FETCH-CHANGED.
 */
export async function registryImage(reference: string, access: RegistryAccess, watch?: Watch): Promise<RegistryImage> {
  const [, pinned] = reference.split('@');
  const wanted = { image: reference, reference: asked(reference), what: 'manifest', digest: pinned } as const;
  const text = await rawFrom(wanted, access, watch);
  const digest = digestOf(text);
  const manifest = readManifest(text);
  if (manifest === undefined)
    throw oddImage(reference, 'what it names is neither a manifest of OCI nor one of Docker (version 2, schema 2)');
  const platforms =
    manifest.kind === 'index'
      ? await platformsOf(reference, manifest, access, watch)
      : await platformOf({ reference, digest, manifest }, access, watch);
  return { digest, platforms };
}

type Platforms = Partial<Record<Architecture, LockedManifest>>;

async function platformsOf(reference: string, index: ImageIndex, access: RegistryAccess, watch?: Watch) {
  const platforms: Platforms = {};
  for (const architecture of architectures) {
    const entry = index.manifests.find((one) => isFor(one, architecture));
    if (entry === undefined) continue;
    const { manifest } = await manifestBy({ reference, digest: entry.digest }, access, watch);
    platforms[architecture] = { digest: entry.digest, size: sizeOf(manifest) };
  }
  return platforms;
}

/** An attestation has the platform unknown/unknown, and so is for none. The only arm64 that there is is v8. */
function isFor({ platform }: Descriptor, architecture: Architecture): boolean {
  if (platform?.os !== 'linux' || platform.architecture !== architecture) return false;
  const variant = platform.variant ?? '';
  return variant === '' || variant === (architecture === 'arm64' ? 'v8' : 'v1');
}

/** A manifest does not say what it is for: its configuration does. */
async function platformOf({ reference, digest, manifest }: SingleImage, access: RegistryAccess, watch?: Watch) {
  const { architecture, os } = platform(await configurationBy({ reference, digest, manifest }, access, watch));
  const known = architectures.find((one) => one === architecture);
  return os !== 'linux' || known === undefined ? {} : { [known]: { digest, size: sizeOf(manifest) } };
}

function platform(configuration: string): { readonly architecture?: unknown; readonly os?: unknown } {
  try {
    return Object(JSON.parse(configuration));
  } catch {
    return {};
  }
}
