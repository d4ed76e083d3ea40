import type { Image } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import { minute, type Step, second } from '#engine/step';
import type { Site } from '#plan/plan';
import type { HostSight } from '#ports/host';
import { gate, met, unmet } from '../verbs/condition.ts';
import { finding } from '../verbs/finding.ts';
import { Persistence } from '../verbs/persistence.ts';
import { importedFile, importingFile, recordFor } from './import-record.ts';
import { enabledComponents } from './k3s-site.ts';

/** Without a new image for so long, no further one comes. */
const patience = 2 * minute;

interface Wanted extends Image {
  readonly component: string;
}

/** Every image that anything will ask for is in containerd, and safe on the disk before anybody relies on it. */
export function importStep(site: Site): Step {
  const present = imagesPresent(site);
  return {
    id: 'k3s/import',
    title: 'Make the imported images safe',
    async probe(sight) {
      // An archive more than is wanted now does no harm.
      const safe = linesOf(await sight.host.read(importedFile));
      const missing = linesOf(await recordFor(site, sight)).filter((line) => !safe.includes(line));
      if (missing.length === 0) return finding([]);
      const archives = missing.length === 1 ? '1 archive' : `${missing.length} archives`;
      return finding([{ what: 'container images', from: 'not imported', to: `${archives} imported and synced` }]);
    },
    async apply(stage, act) {
      await act.waitFor(present);
      await stage.host.run(['sync']);
      // In this order: a cut in between leaves an import that is only recorded again, not one that is thought torn.
      await stage.host.remove(importingFile);
      await stage.host.write(importedFile, await recordFor(site, stage));
    },
    gate: present,
  };
}

function linesOf(record: string | undefined): readonly string[] {
  return (record ?? '').split('\n').filter((line) => line !== '');
}

function imagesPresent(site: Site) {
  const wanted = enabledComponents(site).flatMap((component) =>
    site.catalog.components[component].images.map((image): Wanted => ({ ...image, component })),
  );
  const lasting = new Persistence();
  const title = `${wanted.length} images to be in containerd`;
  return gate({ title, soft: 5 * minute, hard: 30 * minute, every: 2 * second }, async ({ host, now }) => {
    const there = await imagesOf(
      host,
      wanted.some(({ digest }) => digest !== undefined),
    );
    const missing = wanted.filter((image) => !holds(there, image));
    if (missing.length === 0) return met(`all ${wanted.length} images of the catalog are in containerd`);
    const because = `${missing.length} of ${wanted.length} images are not in containerd yet, such as ${missing[0]?.reference}`;
    const blame = absent(site, missing, wanted.length);
    const stuck = lasting.since(`${missing.length} missing on ${host.name}`, now()) >= patience;
    return unmet(because, stuck ? { hopeless: blame } : { blame });
  });
}

/** References in containerd with their digests; with `-q` the digests are not told. */
async function imagesOf(host: HostSight, withDigests: boolean): Promise<ReadonlyMap<string, string | undefined>> {
  const { stdout } = withDigests
    ? await host.ask(['k3s', 'ctr', 'images', 'list'])
    : await host.ask(['k3s', 'ctr', 'images', 'list', '-q']);
  const rows = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return new Map(rows.map(([reference = '', , digest]) => [reference, digest]));
}

function holds(there: ReadonlyMap<string, string | undefined>, { reference, digest }: Image): boolean {
  if (!there.has(reference)) return false;
  const found = there.get(reference);
  return digest === undefined || found === undefined || found === digest;
}

function absent(site: Site, missing: readonly Wanted[], all: number): Fault {
  const [first] = missing;
  const { dataDir } = site.profile.cluster.k3s;
  const message =
    missing.length === 1
      ? `the image ${first?.reference} is not on ${site.node.name}`
      : `${missing.length} of ${all} images are not on ${site.node.name}`;
  return new Fault({
    code: 'IMAGE-MISSING',
    message,
    cause: 'no archive in the bundle brings it, or its import has failed',
    evidence: missing
      .slice(0, 5)
      .map(
        ({ reference, component, reason }) =>
          `${reference} is asked for by ${component}${reason === undefined ? '' : `: ${reason}`}`,
      ),
    remedy: [
      `ls -l ${dataDir}/agent/images          which archives the bundle has brought, on ${site.node.name}`,
      `grep -i import ${dataDir}/agent/containerd/containerd.log          whether one of them could not be read`,
      'novasphere plan PROFILE --bundle DIR          checks every file of the bundle',
    ],
  });
}
