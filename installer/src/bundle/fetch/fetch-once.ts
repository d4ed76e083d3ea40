import { BlobStore } from '#bundle/store/blob-store';
import { downloader, type Wanted } from './downloader.ts';
import { stillClock } from './fetch-scene.ts';
import { readMirrors } from './mirrors.ts';

// A process of its own that a test can kill: fetches one file into a store, and says once that something has come.

const [directory = '', wanted = ''] = process.argv.slice(2);
const downloads = downloader({
  store: new BlobStore(directory),
  clock: stillClock(),
  mirrors: readMirrors([]),
  environment: {},
});
await downloads.fetch(JSON.parse(wanted) as Wanted, {
  tell: (event) => event.kind === 'has' && event.bytes > 1_000_000 && process.stdout.write('.'),
});
await downloads.close();
