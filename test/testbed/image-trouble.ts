import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault } from '#engine/fault';
import { ImageSite } from './image-site.ts';
import { makeLayer, makeManifest, single } from './registry-images.ts';

/** An image of two layers. */
export const [small, large] = [makeLayer('small'), makeLayer('large', { bytes: 2_000_000 })] as const;
export const made = makeManifest('amd64', [small, large]);
export const image = { reference: 'docker.io/a/b:v1', digest: made.digest } as const;

/** A site whose registry has that image. */
export async function imageSite(): Promise<ImageSite> {
  const site = await ImageSite.open();
  await site.pusher.push('docker.io/a/b', 'v1', single(made));
  return site;
}

/** Where a registry has a blob. */
export function blobPath(digest: string): RegExp {
  return new RegExp(`/blobs/${digest}$`);
}

/** What a person is told; hosts and digests, which are others each time, have names. */
export async function told(task: Promise<unknown>, hosts: readonly string[]): Promise<string> {
  const fault = (await task.then(
    () => undefined,
    (error: unknown) => error,
  )) as Fault | undefined;
  if (fault === undefined) return 'it went well';
  const { code, message, because, where, evidence, remedy } = fault.record();
  const text = [`${code} (exit ${fault.exitCode}): ${message}`, ...because, ...where, ...evidence, ...remedy].join(
    '\n',
  );
  return hosts
    .reduce((sum, host) => sum.replaceAll(host, 'REGISTRY'), text)
    .replaceAll(made.digest, 'MANIFEST')
    .replaceAll(large.digest, 'LARGE')
    .replaceAll(/sha256:[0-9a-f]{64}/g, 'OTHER');
}

/** The digests of everything in a store. */
export async function storedIn({ store }: ImageSite): Promise<readonly string[]> {
  const names = await readdir(join(store.directory, 'blobs/sha256')).catch(() => []);
  return names.map((hex) => `sha256:${hex}`).toSorted();
}
