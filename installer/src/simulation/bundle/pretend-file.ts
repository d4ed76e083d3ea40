import { createHash } from 'node:crypto';
import type { Asset, Catalog } from '#catalog/catalog';
import { hostPackages } from '#catalog/host-packages';
import type { RehearsedFile } from './rehearsed-bundle.ts';

const megabyte = 2 ** 20;
/** What `apt-get update` reads in the folder of packages. */
const packageIndex = hostPackages
  .map((name) => `Package: ${name}\nVersion: 1.0-rehearsed\nArchitecture: amd64\n`)
  .join('\n');
/** What an image weighs in an archive, roughly: enough for a rehearsal to fill a disk with them. */
const perImage = 60 * megabyte;

/** A binary, package or archive that is not really there: it has a digest and a believable size. */
export function pretendFile(path: string, asset: Asset | undefined, catalog: Catalog): RehearsedFile | undefined {
  if (path === 'debs/Packages') return pretend(path, packageIndex, undefined);
  if (/^debs\/[^/]+\.deb$/.test(path)) return pretend(path, undefined, megabyte);
  if (asset === undefined) return undefined;
  const component = Object.values(catalog.components).find((one) => one.assets.includes(asset));
  const seed = `${path} ${component?.version}`;
  if (path === 'bin/k3s' || path === 'bin/k3s-arm64')
    return { ...pretend(seed, undefined, 75 * megabyte), text: `k3s version ${component?.version} (rehearsed)\n` };
  if (path.startsWith('bin/')) return pretend(seed, undefined, 75 * megabyte);
  return pretend(seed, undefined, Math.max(1, component?.images.length ?? 0) * perImage);
}

function pretend(seed: string, text: string | undefined, size: number | undefined): RehearsedFile {
  const sha256 = createHash('sha256')
    .update(text ?? seed)
    .digest('hex');
  if (text !== undefined) return { sha256, size: text.length, text };
  return { sha256, size: size ?? 0 };
}
