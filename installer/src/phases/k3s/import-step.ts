import { Fault } from '#engine/fault';
import { minute, type Step, second } from '#engine/step';
import type { Site } from '#plan/plan';
import type { BundleImage } from '#ports/bundle';
import { gate, met, unmet } from '../verbs/condition.ts';
import { finding } from '../verbs/finding.ts';
import { Persistence } from '../verbs/persistence.ts';
import { holds, imagesHeld } from './images-held.ts';
import { importedFile, importingFile, noteBrought, recordFor } from './import-record.ts';

/** Without a new image for so long, no further one comes. */
const patience = 2 * minute;

interface Missing extends BundleImage {
  readonly found: 'absent' | 'another';
}

/** Every image of the bundle is in containerd, and safe on the disk before anybody relies on it. */
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
      await noteBrought(stage);
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

/** What is in containerd is what the bundle's proof says: each image of it, by digest where the proof has one. */
function imagesPresent(site: Site) {
  const lasting = new Persistence();
  const title = 'the images of the bundle to be in containerd';
  return gate({ title, soft: 5 * minute, hard: 30 * minute, every: 2 * second }, async ({ host, bundle, now }) => {
    const wanted = await bundle.images();
    const there = await imagesHeld(host);
    const missing = wanted.flatMap((image): readonly Missing[] => {
      const found = holds(there, image);
      return found === 'there' ? [] : [{ ...image, found }];
    });
    if (missing.length === 0) return met(`all ${wanted.length} images of the bundle's proof are in containerd`);
    const because = `${missing.length} of ${wanted.length} images are not in containerd yet, such as ${missing[0]?.reference}`;
    const blame = absent(site, missing, wanted.length);
    const stuck = lasting.since(`${missing.length} missing on ${host.name}`, now()) >= patience;
    return unmet(because, stuck ? { hopeless: blame } : { blame });
  });
}

function absent(site: Site, missing: readonly Missing[], all: number): Fault {
  const [first] = missing;
  const { dataDir } = site.profile.cluster.k3s;
  const others = missing.every(({ found }) => found === 'another');
  const message =
    missing.length > 1
      ? `${missing.length} of ${all} images are not on ${site.node.name}`
      : `the image ${first?.reference} is not on ${site.node.name}${others ? ' as the bundle proves it' : ''}`;
  return new Fault({
    code: 'IMAGE-MISSING',
    message,
    cause: others
      ? 'another image of the same name is there, and the import of the one of the bundle has failed'
      : 'the archive that should bring it does not, or its import has failed',
    evidence: missing.slice(0, 5).map(askedFor),
    remedy: [
      `ls -l ${dataDir}/agent/images          which archives the bundle has brought, on ${site.node.name}`,
      `grep -i import ${dataDir}/agent/containerd/containerd.log          whether one of them could not be read`,
      'novasphere plan PROFILE --bundle DIR          checks every file of the bundle',
    ],
  });
}

/** An image, where it should come from and who asks for it, as the proof tells. */
function askedFor({ reference, archive, askedBy, found }: Missing): string {
  const [first = 'nobody', ...others] = askedBy;
  const more = others.length === 0 ? '' : `, and by ${others.length} more`;
  return `${reference} (${archive}${found === 'another' ? '; there is another one' : ''}) is asked for by ${first}${more}`;
}
