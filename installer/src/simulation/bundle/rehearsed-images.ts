import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { type Architecture, allComponents, type Catalog, imageArchive } from '#catalog/catalog';
import type { BundleImage } from '#ports/bundle';

/** What an image weighs in an archive, roughly: enough for a rehearsal to fill a disk with them. */
export const perImage = 60 * 2 ** 20;

/** The images of a catalog as the proof of a bundle would tell them, with digests that follow from their names. */
export function pretendedImages(catalog: Catalog, architecture: Architecture): readonly BundleImage[] {
  return allComponents(catalog).flatMap(({ name, assets, images }) => {
    const own = assets.find((one) => one.path.startsWith('images/') && one.architecture === architecture);
    const archive = own?.path ?? imageArchive(architecture);
    return images.map(({ reference, reason }) => ({
      reference,
      ...(own === undefined ? { digest: pretendedDigest(reference) } : {}),
      size: perImage,
      archive,
      askedBy: [reason === undefined ? `component ${name}` : `component ${name}: ${reason}`],
    }));
  });
}

/** Of an image that nobody told the digest of. */
function pretendedDigest(reference: string): string {
  return `sha256:${createHash('sha256').update(reference).digest('hex')}`;
}

/** Whether a file on a machine is an archive of the bundle, under its own name or one that it was kept under. */
export function isArchive(path: string, archive: string): boolean {
  return basename(path).endsWith(basename(archive));
}
