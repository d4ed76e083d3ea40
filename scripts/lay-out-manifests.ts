import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { indexName } from '#bundle/index/index-file';
import { indexText } from '#bundle/index/write-index';
import type { Catalog } from '#catalog/catalog';
import type { Bundle } from '#ports/bundle';

/**
 * Writes the manifests of a release and their index into a directory: a bundle without images, binaries and packages,
 * made for any machine, of which nothing is proven, and which nobody has signed.
 * Gives how many files it holds beside the index; a Fault BUNDLE-FILE-MISSING names a manifest that `from` lacks.
 */
export async function layOutManifests(directory: string, catalog: Catalog, from: Bundle): Promise<number> {
  const assets = Object.values(catalog.components).flatMap((component) => component.assets);
  const paths = assets.map(({ path }) => path).filter((path) => path.startsWith('manifests/'));
  const files = [];
  for (const path of new Set(paths)) {
    const text = await from.text(path);
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
    files.push({ path, sha256: createHash('sha256').update(text).digest('hex'), size: Buffer.byteLength(text) });
  }
  await writeFile(join(directory, indexName), indexText({ files }));
  return files.length;
}
