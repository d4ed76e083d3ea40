import type { Architecture } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import { shortened } from '#engine/shortened';
import type { BundleImage } from '#ports/bundle';
import { storeFault } from '../store/store-fault.ts';
import { type ArchiveFile, archiveFiles } from './archive-files.ts';
import { imagesOfDocker } from './docker-save.ts';
import { type HeldImage, imagesOfIndex } from './held-image.ts';
import { TarError } from './tar-reader.ts';

/**
 * The images of an archive, in the order of their names: an OCI layout or an archive of `docker save`, plain, gzip or
 * zstd; where it is both, the layout counts, since it tells digests. Everything is read and compared, nothing unpacked.
 * Fault BUNDLE-INVALID for what is no archive, and for images that are not whole.
 */
export async function readImageArchive(
  file: string,
  { architecture }: { readonly architecture?: Architecture } = {},
): Promise<readonly Pick<BundleImage, 'reference' | 'digest' | 'size'>[]> {
  const files = await filesOf(file);
  const images = imagesOfIndex(files, architecture) ?? imagesOfDocker(files);
  if (images === undefined)
    throw unreadable(file, 'it holds neither an OCI image layout nor what “docker save” writes');
  const broken = images.filter(({ problems }) => problems.length > 0);
  if (broken.length > 0) throw incomplete(file, broken);
  return images
    .map(({ reference, digest, size }) => ({ reference, ...(digest === undefined ? {} : { digest }), size }))
    .toSorted((one, other) => (one.reference < other.reference ? -1 : 1));
}

async function filesOf(file: string): Promise<ReadonlyMap<string, ArchiveFile>> {
  try {
    return await archiveFiles(file);
  } catch (error) {
    if (error instanceof TarError) throw unreadable(file, error.message);
    const { code = '', syscall, message } = error as NodeJS.ErrnoException;
    if (syscall !== undefined) throw storeFault(error, { doing: 'read', path: file });
    if (/^Z_|^ZSTD_/.test(code)) throw unreadable(file, `it cannot be decompressed: ${message}`);
    throw error;
  }
}

function unreadable(file: string, why: string): Fault {
  return new Fault({
    code: 'BUNDLE-INVALID',
    message: `${file} is no archive of images that can be trusted`,
    cause: why,
    where: [`file ${file}`],
    remedy: ['novasphere bundle verify DIR          compares every file', 'copy the bundle again from its source'],
  });
}

function incomplete(file: string, broken: readonly HeldImage[]): Fault {
  const [first, ...others] = broken.map(({ reference }) => reference);
  const lines = broken.flatMap(({ reference, problems }) => problems.map((problem) => `${reference}: ${problem}`));
  return new Fault({
    code: 'BUNDLE-INVALID',
    message: `the archive does not hold the whole of ${first}${others.length === 0 ? '' : `, nor of ${others.length} more`}`,
    where: [`file ${file}`],
    evidence: shortened(lines, 5),
    remedy: ['novasphere bundle fetch DIR          makes the archive anew', 'copy the bundle again from its source'],
  });
}
