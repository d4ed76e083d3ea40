import { basename } from 'node:path/posix';
import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Sight } from '#ports/world';
import { factsOf } from '../verbs/host-facts.ts';
import { stepOf } from '../verbs/host-part.ts';
import { type FromBundle, fileFromBundle } from '../verbs/host-placed.ts';
import { noteImporting } from './import-record.ts';
import { assetsUnder, binary } from './k3s-site.ts';
import { kubectl } from './kubectl.ts';

export function binaryStep(site: Site): Step {
  const files = async (sight: Sight): Promise<readonly FromBundle[]> =>
    assetsUnder(site, 'bin', await factsOf(sight))
      .slice(0, 1)
      .map((asset) => ({ from: asset.path, to: binary }));
  return stepOf(
    { id: 'k3s/binary', title: 'Place the k3s binary' },
    fileFromBundle(files, { mode: 0o755, restarts: 'k3s' }),
    kubectl,
  );
}

/** The images of everything that will run, where k3s imports them from. */
export function imageArchivesStep(site: Site): Step {
  const directory = `${site.profile.cluster.k3s.dataDir}/agent/images`;
  const files = async (sight: Sight): Promise<readonly FromBundle[]> =>
    assetsUnder(site, 'images', await factsOf(sight)).map(({ path }) => ({
      from: path,
      to: `${directory}/${basename(path)}`,
    }));
  return stepOf(
    { id: 'k3s/image-archives', title: 'Place the image archives' },
    // k3s may import an archive the moment that it is there: what is unfinished has to be known before.
    fileFromBundle(files, { mode: 0o644, before: noteImporting }),
  );
}
