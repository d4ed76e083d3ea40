import { createHash } from 'node:crypto';
import { type Asset, allComponents, architectures, type Catalog, imageArchive } from '#catalog/catalog';
import { hostPackages } from '#catalog/host-packages';
import type { RehearsedFile } from './rehearsed-bundle.ts';
import { perImage, pretendedImages } from './rehearsed-images.ts';

const megabyte = 2 ** 20;
/** What `apt-get update` reads in the folder of packages. */
const packageIndex = hostPackages
  .map((name) => `Package: ${name}\nVersion: 1.0-rehearsed\nArchitecture: amd64\n`)
  .join('\n');

/** A binary, package or archive that is not really there: it has a digest and a believable size. */
export function pretendFile(path: string, asset: Asset | undefined, catalog: Catalog): RehearsedFile | undefined {
  if (path === 'debs/Packages') return pretend(path, packageIndex, undefined);
  if (/^debs\/[^/]+\.deb$/.test(path)) return pretend(path, undefined, megabyte);
  const architecture = architectures.find((one) => imageArchive(one) === path);
  if (architecture !== undefined) {
    const held = pretendedImages(catalog, architecture).filter(({ archive }) => archive === path);
    const seed = held.map(({ reference }) => reference).join('\n');
    return pretend(seed, undefined, held.length * perImage);
  }
  if (asset === undefined) return undefined;
  const component = allComponents(catalog).find((one) => one.assets.includes(asset));
  const seed = `${path} ${component?.version}`;
  if (isK3s(path)) return { ...pretend(seed, undefined, 75 * megabyte), text: k3sText(catalog) };
  if (path.startsWith('images/')) return pretend(seed, undefined, (component?.images.length ?? 0) * perImage);
  return pretend(seed, undefined, 75 * megabyte);
}

export function isK3s(path: string): boolean {
  return path === 'bin/k3s' || path === 'bin/k3s-arm64';
}

/** What a simulated machine is told when it asks its k3s for the version. */
export function k3sText({ components }: Catalog): string {
  return `k3s version ${components.k3s.version} (rehearsed)\n`;
}

function pretend(seed: string, text: string | undefined, size: number | undefined): RehearsedFile {
  const sha256 = createHash('sha256')
    .update(text ?? seed)
    .digest('hex');
  if (text !== undefined) return { sha256, size: text.length, text };
  return { sha256, size: size ?? 0 };
}
