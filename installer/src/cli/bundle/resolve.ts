import { rename, writeFile } from 'node:fs/promises';
import { runProgram } from '#adapters/local-program';
import { systemClock } from '#adapters/system-clock';
import { registryImage } from '#bundle/images/registry-image';
import { type Drift, driftBetween } from '#bundle/resolve/drift';
import { type Resolved, resolveLock, type Upstream } from '#bundle/resolve/resolve';
import type { Catalog } from '#catalog/catalog';
import { loadCatalog } from '#catalog/load-catalog';
import type { Lock } from '#catalog/lock';
import { lockText } from '#catalog/lock-file';
import { emptyLock } from '#catalog/locked';
import { Fault } from '#engine/fault';
import { shortened } from '#engine/shortened';
import type { Call } from '../call.ts';
import { releaseRoot } from '../site.ts';
import { earlierLock, lockFileOf } from './given-lock.ts';
import { type GivenStore, withStore } from './given-store.ts';
import { withPackages } from './packages.ts';
import { failuresFault, resolvedScreen } from './resolved-screen.ts';

/** `novasphere bundle resolve`: asks upstream what the catalog's files and images are, and writes the lock. */
export async function bundleResolve(call: Call): Promise<number> {
  const { options, terminal } = call;
  const catalog = await loadCatalog(releaseRoot);
  const before = await earlierLock(call);
  const isCheck = options.flag('check');
  const { lock, failures } = await withStore(call, (given) => lookedUp(call, given, catalog, before));
  const drift = driftBetween(before, lock);
  const file = isCheck ? undefined : lockFileOf(call);
  if (file !== undefined) await written(file, lock);
  terminal.json({ version: 1, check: isCheck, drift, failures: failures.map((fault) => fault.record()), lock });
  if (failures.length > 0) throw failuresFault(failures);
  if (isCheck && drift.length > 0) throw drifted(drift);
  terminal.print(resolvedScreen(before, lock, file));
  return 0;
}

async function lookedUp(call: Call, given: GivenStore, catalog: Catalog, before: Lock): Promise<Resolved> {
  const { options, terminal } = call;
  const signal = call.interruption();
  const [isCheck, atOnce] = [options.flag('check'), options.number('atOnce')];
  const found = await resolveLock({
    catalog,
    before,
    upstream: upstreamOf(given, signal),
    renew: isCheck ? namesIn(emptyLock(catalog)) : known(options.texts('renew'), catalog),
    told: (name, how) => terminal.tell(`${how.padEnd(9)}  ${name}\n`),
    ...(atOnce === undefined ? {} : { atOnce }),
  });
  return isCheck ? found : { ...found, lock: await withPackages(found.lock, call, given.mirrors, signal) };
}

function upstreamOf({ downloads, mirrors }: GivenStore, signal: AbortSignal): Upstream {
  const access = { run: runProgram, clock: systemClock(), mirrors };
  return {
    text: (url) => downloads.text({ name: url, url }, { signal }),
    async file({ name, url, sha256 }) {
      const found = await downloads.resolve({ name, url }, { signal });
      if (sha256 === undefined || sha256 === found.sha256) return found;
      throw otherThanPublished(name, url, sha256, found.sha256);
    },
    image: (reference) => registryImage(reference, access, { signal }),
  };
}

/** What is written is whole or not there; entries that were looked up before a failure are kept. */
async function written(file: string, lock: Lock): Promise<void> {
  await writeFile(`${file}.new`, lockText(lock), { flush: true });
  await rename(`${file}.new`, file);
}

function namesIn({ assets, images }: Lock): ReadonlySet<string> {
  return new Set([...assets.map(({ path }) => path), ...images.map(({ reference }) => reference)]);
}

function known(names: readonly string[], catalog: Catalog): ReadonlySet<string> {
  const all = namesIn(emptyLock(catalog));
  const unknown = names.find((name) => !all.has(name));
  if (unknown === undefined) return new Set(names);
  throw new Fault({
    code: 'USAGE',
    message: `the catalog names no ${unknown}`,
    remedy: ['grep -E "path|reference" manifests/catalog.lock.yaml          what it does name'],
  });
}

function otherThanPublished(name: string, url: string, published: string, found: string): Fault {
  return new Fault({
    code: 'FETCH-CHANGED',
    message: `${name} is not the file that upstream publishes a checksum of`,
    where: [`asset ${name}`, url],
    evidence: [`published  ${published}`, `found      ${found}`],
    remedy: ['try again later: a mirror may be behind', `curl -L ${url} | sha256sum          what is served`],
  });
}

function drifted(drift: readonly Drift[]): Fault {
  const rows = drift.map(({ name, what, locked, now }) => `${name}: ${what} was ${locked}, is now ${now}`);
  return new Fault({
    code: 'LOCK-DRIFT',
    message: `upstream says ${drift.length === 1 ? 'one thing' : `${drift.length} things`} otherwise than the lock`,
    cause: 'a tag that moves and a release that is replaced are no longer what was tried and signed',
    evidence: shortened(rows, 10),
    remedy: [
      'find out from upstream why; until then use the bundles that exist: they hold what was locked',
      `novasphere bundle resolve --renew ${drift[0]?.name}          takes it as it is now`,
    ],
  });
}
