import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type BundleIndex, readIndex } from '#bundle/index/index-file';
import { readSignature } from '#bundle/signature/read-signature';
import { signatureOf } from '#bundle/signature/signature-of';
import { compareWithIndex } from '#bundle/verify/compare-with-index';
import { Fault } from '#engine/fault';
import type { Bundle, BundleFile } from '#ports/bundle';

/** Opens a bundle that lies in a directory, by its index `bundle.yaml`. What the index does not name is not there. */
export async function openBundle(directory: string): Promise<Bundle> {
  const place = resolve(directory);
  // The signature is of these very bytes: what is read once cannot be another index a moment later.
  const { bytes, index } = await readIndex(place);
  const bundle = { place, ...(index.madeFor === undefined ? {} : { madeFor: index.madeFor }) };
  const text = (path: string) => textOf(index, path, place);
  return {
    ...bundle,
    text,
    file: async (path) => fileOf(index, path, place),
    verify: async () => (await compareWithIndex(place, index)).problems,
    signature: async (trusted) => signatureOf(bytes, await readSignature(place), trusted),
    async images() {
      const { proofPath, provenImages } = await import('#bundle/proof/proof-file');
      return provenImages(index.files.has(proofPath) ? await text(proofPath) : undefined, bundle);
    },
  };
}

async function textOf(index: BundleIndex, path: string, place: string): Promise<string> {
  const file = fileOf(index, path, place);
  const bytes = await readFile(file.source).catch((error: unknown) => {
    throw missing(path, place, error);
  });
  // Preflight reads every file, and is not part of every run: what is applied is compared in any case.
  if (createHash('sha256').update(bytes).digest('hex') !== file.sha256) throw changed(path, place);
  return bytes.toString('utf8');
}

function fileOf(index: BundleIndex, path: string, place: string): BundleFile {
  const entry = index.files.get(path);
  // An entry that escapes is told by `verify`; until then nothing reads or places it.
  if (entry === undefined || index.refused.has(path)) throw missing(path, place);
  return { ...entry, source: join(place, path) };
}

function changed(path: string, place: string): Fault {
  return new Fault({
    code: 'BUNDLE-INVALID',
    message: `${path} of the bundle is not as its index says`,
    where: [`bundle ${place}`],
    remedy: [
      'copy the bundle again from where it was made',
      `novasphere plan PROFILE --bundle ${place}  reads every file again`,
    ],
  });
}

function missing(path: string, place: string, cause?: unknown): Fault {
  return new Fault({
    code: 'BUNDLE-FILE-MISSING',
    message: `the bundle has no ${path}`,
    where: [`bundle ${place}`],
    ...(cause === undefined ? {} : { cause }),
    remedy: [`novasphere plan PROFILE --bundle ${place}  reads every file again`, 'copy the bundle again'],
  });
}
