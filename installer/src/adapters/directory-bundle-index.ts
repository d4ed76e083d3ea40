import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { z } from 'zod';
import { Fault } from '#engine/fault';

export const indexName = 'bundle.yaml';

interface IndexEntry {
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

/** What a bundle says of itself: every file with its digest and size. */
export interface BundleIndex {
  readonly files: ReadonlyMap<string, IndexEntry>;
  /** Paths of the index that no file of a bundle may have, with the reason. */
  readonly refused: ReadonlyMap<string, string>;
}

const IndexFile = z.strictObject({
  version: z.literal(1),
  files: z.array(
    z.strictObject({
      path: z.string().min(1),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: '64 hexadecimal digits' }),
      size: z.int().min(0),
    }),
  ),
});

export async function readIndex(place: string): Promise<BundleIndex> {
  const text = await readFile(join(place, indexName), 'utf8').catch((error: unknown) => {
    throw unreadable(place, `${place} is not a bundle: its ${indexName} cannot be read`, error);
  });
  const result = IndexFile.safeParse(parse(text, place));
  if (!result.success) {
    const [first] = result.error.issues;
    throw unreadable(place, `${indexName} is not an index`, `${first?.path.join('.')}: ${first?.message}`);
  }
  const { files } = result.data;
  const seen = new Set<string>();
  const twice = files.find(({ path }) => seen.size === seen.add(path).size);
  if (twice !== undefined) throw unreadable(place, `${indexName} contradicts itself`, `it names ${twice.path} twice`);
  const refused = files.flatMap(({ path }): (readonly [string, string])[] => {
    const reason = oddity(path);
    return reason === undefined ? [] : [[path, reason]];
  });
  return { files: new Map(files.map((file) => [file.path, file])), refused: new Map(refused) };
}

/** Why a path is none that a bundle may hold; undefined when it is. */
function oddity(path: string): string | undefined {
  if (path.startsWith('/')) return 'it is absolute';
  if (path.split('/').includes('..')) return 'it leads out of the bundle';
  if (!/^[A-Za-z0-9._+~:-]+(\/[A-Za-z0-9._+~:-]+)*$/.test(path)) return 'it has a name that no bundle has';
  return path.split('/').includes('.') ? 'it has a name that no bundle has' : undefined;
}

function parse(text: string, place: string): unknown {
  try {
    return load(text);
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
