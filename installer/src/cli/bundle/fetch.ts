import { resolve } from 'node:path';
import { runProgram } from '#adapters/local-program';
import { systemClock } from '#adapters/system-clock';
import { assemble } from '#bundle/assemble/assemble';
import { type Wanted, wantedFor } from '#bundle/assemble/wanted';
import { fetchAll, type Job } from '#bundle/fetch/fetch-all';
import { imageFetcher } from '#bundle/images/fetch-image';
import type { Architecture } from '#catalog/catalog';
import { loadCatalog } from '#catalog/load-catalog';
import { usualSeries } from '#catalog/locked';
import { bytes } from '#engine/disk-full';
import type { BundleTarget } from '#ports/bundle';
import type { Call } from '../call.ts';
import { ownArchitecture } from '../own-architecture.ts';
import { releaseRoot } from '../site.ts';
import { version } from '../version.ts';
import { givenLock } from './given-lock.ts';
import { type GivenStore, withStore } from './given-store.ts';
import { showProgress } from './show-progress.ts';

/** `novasphere bundle fetch DIR`: downloads what the lock names, and lays it out as a bundle. */
export async function bundleFetch(call: Call): Promise<number> {
  const { words, terminal } = call;
  const place = resolve(words[0] as string);
  const catalog = await loadCatalog(releaseRoot);
  const lock = await givenLock(call, catalog);
  const madeFor = targetOf(call);
  const wanted = wantedFor(lock, madeFor);
  const signal = call.interruption();
  const made = await withStore(call, async (given) => {
    await downloaded(wanted, given, call, signal);
    const tell = (text: string) => terminal.tell(`${text} …\n`);
    const at = { place, madeFor, store: given.store, release: releaseRoot };
    return assemble({ ...at, catalog, lock, wanted, run: runProgram, tell });
  });
  terminal.print(told(place, madeFor, made, wanted));
  terminal.json({ version: 1, place, madeFor, ...made, images: wanted.images.length });
  return 0;
}

function targetOf({ options }: Call): BundleTarget {
  const architecture = (options.text('architecture') ?? ownArchitecture()) as Architecture;
  const series = options.flag('withoutPackages') ? undefined : (options.text('series') ?? usualSeries);
  return { release: version, architecture, ...(series === undefined ? {} : { series }) };
}

async function downloaded(wanted: Wanted, given: GivenStore, call: Call, signal: AbortSignal): Promise<void> {
  const { store, downloads, mirrors } = given;
  const fetchImage = imageFetcher(store, { run: runProgram, clock: systemClock(), mirrors });
  const jobs: readonly Job[] = [
    ...wanted.files.map(
      (file): Job => ({
        name: file.path,
        size: file.size,
        run: (watch) => downloads.fetch({ ...file, name: file.path }, watch),
      }),
    ),
    ...wanted.images.map(
      (image): Job => ({
        name: image.reference,
        size: image.size,
        run: (watch) => fetchImage(image, watch),
      }),
    ),
  ];
  const shown = showProgress(jobs, call.terminal);
  const atOnce = call.options.number('atOnce');
  try {
    await fetchAll(jobs, { signal, tell: shown.see, ...(atOnce === undefined ? {} : { atOnce }) });
  } finally {
    shown.end();
    shown.tell();
  }
}

function told(
  place: string,
  { release, architecture, series }: BundleTarget,
  { files, size, dedup }: Awaited<ReturnType<typeof assemble>>,
  { images }: Wanted,
): string {
  const whom = series === undefined ? architecture : `${architecture}, Ubuntu ${series}`;
  const shared =
    dedup === undefined
      ? ''
      : `\n  ${images.length} images of ${bytes(dedup.all)} take ${bytes(dedup.stored)}: shared layers lie there once (${dedup.ratio.toFixed(2)} : 1)`;
  return `${place}: Novasphere ${release} for ${whom}, ${files} files, ${bytes(size)}${shared}
  next:  novasphere bundle prove ${place}
`;
}
