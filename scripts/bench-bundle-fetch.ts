import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { systemClock } from '#adapters/system-clock';
import { downloader } from '#bundle/fetch/downloader';
import { fetchAll } from '#bundle/fetch/fetch-all';
import { readMirrors } from '#bundle/fetch/mirrors';
import { BlobStore } from '#bundle/store/blob-store';
import { type Comparison, median } from './bench-figures.ts';

const mebibyte = 1 << 20;
const run = promisify(execFile);

interface Piece {
  readonly name: string;
  readonly sha256: string;
  readonly size: number;
  readonly url: string;
}

/**
 * Downloading over loopback, every byte compared and on the disk for good, against `curl` and `sync`, which compare
 * nothing, and against `curl`, `sync` and `sha256sum`, which do the same work. Several runs in turn, so that a slow moment
 * of the machine meets all.
 */
export async function fetchFigures(rounds = 5): Promise<readonly Comparison[]> {
  const scratch = await mkdtemp(join(tmpdir(), 'novasphere-bench-fetch-'));
  const server = spawn(process.execPath, [import.meta.filename, '--serve', scratch], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const origin = await new Promise<string>((resolve) => {
      server.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
    });
    return [
      ...(await rows('one file of 512 MiB', await pieces(scratch, origin, 1, 512 * mebibyte), scratch, rounds)),
      ...(await rows('64 files of 4 MiB', await pieces(scratch, origin, 64, 4 * mebibyte), scratch, rounds)),
    ];
  } finally {
    server.kill();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function rows(
  name: string,
  all: readonly Piece[],
  scratch: string,
  rounds: number,
): Promise<readonly Comparison[]> {
  const ours: number[] = [];
  const bare: number[] = [];
  const checked: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    ours.push(await byUs(all, scratch));
    const { fetched, compared } = await byCurl(all, scratch);
    bare.push(fetched);
    checked.push(fetched + compared);
  }
  // The first round warms everything up.
  const [one, other, third] = [ours, bare, checked].map((times) => median(times.slice(1))) as [number, number, number];
  return [
    { name: `${name}, against curl`, ours: one, rival: other, ratio: other / one },
    { name: `${name}, against curl and sha256sum`, ours: one, rival: third, ratio: third / one },
  ];
}

async function byUs(all: readonly Piece[], scratch: string): Promise<number> {
  const directory = join(scratch, 'store');
  const store = new BlobStore(directory);
  const downloads = downloader({ store, clock: systemClock(), mirrors: readMirrors([]), environment: {} });
  const began = performance.now();
  await fetchAll(all.map((piece) => ({ ...piece, run: (watch) => downloads.fetch(piece, watch) })));
  const seconds = (performance.now() - began) / 1000;
  await downloads.close();
  await rm(directory, { recursive: true });
  return seconds;
}

/** As many at once as we, and written to the disk for good as well; seconds. */
async function byCurl(all: readonly Piece[], scratch: string): Promise<{ fetched: number; compared: number }> {
  const directory = join(scratch, 'curl');
  const words = all.flatMap(({ url, name }) => ['-o', join(directory, name), url]);
  const files = all.map(({ name }) => join(directory, name));
  const began = performance.now();
  await run('curl', ['-fsS', '--create-dirs', '-Z', '--parallel-max', '4', ...words]);
  await run('sync', files);
  const fetched = performance.now();
  await run('sha256sum', files);
  const compared = performance.now();
  await rm(directory, { recursive: true });
  return { fetched: (fetched - began) / 1000, compared: (compared - fetched) / 1000 };
}

/** Files of bytes that do not repeat. */
async function pieces(scratch: string, origin: string, count: number, size: number): Promise<readonly Piece[]> {
  const made: Piece[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = `${size}-${index}`;
    const hash = createHash('sha256');
    const bytes = async function* () {
      for (let done = 0; done < size; done += mebibyte) {
        const chunk = createHash('shake256', { outputLength: mebibyte }).update(`${name}-${done}`).digest();
        hash.update(chunk);
        yield chunk;
      }
    };
    await pipeline(bytes, createWriteStream(join(scratch, name)));
    made.push({ name, size, sha256: hash.digest('hex'), url: `${origin}/${name}` });
  }
  return made;
}

/** A process of its own, which serves both alike. */
function serve(directory: string): void {
  const server = createServer((request, response) => {
    const file = join(directory, (request.url ?? '').slice(1));
    response.writeHead(200, { 'content-length': statSync(file).size, etag: '"one"' });
    pipeline(createReadStream(file, { highWaterMark: mebibyte }), response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address !== null) console.log(`http://127.0.0.1:${address.port}`);
  });
}

if (import.meta.main) {
  if (process.argv[2] === '--serve') serve(process.argv[3] as string);
  else {
    for (const { name, ours, rival, ratio } of await fetchFigures(Number(process.argv[2] ?? 5)))
      console.log(`${name}: ${ours.toFixed(2)} s, ${ratio.toFixed(2)} × the speed of ${rival.toFixed(2)} s`);
  }
}
