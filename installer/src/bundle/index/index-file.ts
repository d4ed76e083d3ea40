import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { architectures } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import type { BundleTarget } from '#ports/bundle';
import { clash, oddity } from './bundle-path.ts';

export const indexName = 'bundle.yaml';
/** The signature of the index in minisign's format: neither named in the index nor a file too many. */
export const signatureName = `${indexName}.minisig`;

export interface IndexEntry {
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** What a bundle says of itself: what it is made for, and every file with its digest and size. */
export interface BundleIndex {
  readonly madeFor?: BundleTarget;
  readonly files: ReadonlyMap<string, IndexEntry>;
  /** Paths of the index that no file of a bundle may have, with the reason. */
  readonly refused: ReadonlyMap<string, string>;
}

const own = new Set([indexName, signatureName]);

const IndexFile = z.strictObject({
  version: z.literal(1),
  madeFor: z
    .strictObject({
      release: z.string().regex(/^\d+\.\d+\.\d+([-+][A-Za-z0-9.+-]+)?$/, { error: 'a version such as 0.1.0' }),
      architecture: z.enum(architectures),
      series: z
        .string()
        .regex(/^[a-z]+$/, { error: 'a codename such as noble' })
        .exactOptional(),
    })
    .exactOptional(),
  files: z.array(
    z.strictObject({
      path: z.string().min(1),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: '64 hexadecimal digits' }),
      size: z.int().min(0),
    }),
  ),
});

/** The index of the bundle at `place`, and the very bytes that it was read from: what a signature is of. */
export async function readIndex(place: string): Promise<{ readonly bytes: Buffer; readonly index: BundleIndex }> {
  const bytes = await readFile(join(place, indexName)).catch((error: unknown) => {
    throw unreadable(place, `${place} is not a bundle: its ${indexName} cannot be read`, error);
  });
  return { bytes, index: parseIndex(bytes, place) };
}

/** A Fault BUNDLE-UNREADABLE for what is no index, or one that contradicts itself. */
export function parseIndex(bytes: Uint8Array, place: string): BundleIndex {
  const result = IndexFile.safeParse(parse(bytes, place));
  if (!result.success) {
    const [first] = result.error.issues;
    throw unreadable(place, `${indexName} is not an index`, `${first?.path.join('.')}: ${first?.message}`);
  }
  const { files, madeFor } = result.data;
  const contradiction = clash(files.map(({ path }) => path));
  if (contradiction !== undefined) throw unreadable(place, `${indexName} contradicts itself`, contradiction);
  const refused = files.flatMap(({ path }): (readonly [string, string])[] => {
    const reason = own.has(path) ? 'no index names itself or its signature' : oddity(path);
    return reason === undefined ? [] : [[path, reason]];
  });
  return {
    ...(madeFor === undefined ? {} : { madeFor }),
    files: new Map(files.map((file) => [file.path, file])),
    refused: new Map(refused),
  };
}

function parse(bytes: Uint8Array, place: string): unknown {
  try {
    return load(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw unreadable(place, `${indexName} is not YAML`, error);
  }
}

function unreadable(place: string, message: string, cause: unknown): Fault {
  return new Fault({
    code: 'BUNDLE-UNREADABLE',
    message,
    cause,
    where: [`bundle ${place}`],
    remedy: ['name the directory that holds bundle.yaml', 'copy the bundle again'],
  });
}
