import { basename } from 'node:path/posix';
import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Sight } from '#ports/world';
import { factsOf } from '../verbs/host-facts.ts';
import { stepOf } from '../verbs/host-part.ts';
import { type FromBundle, fileFromBundle } from '../verbs/host-placed.ts';
import { noteImporting } from './import-record.ts';
import { archivesOf, binary, k3sAsset, toolPath, toolsOf } from './k3s-site.ts';
import { kubectl } from './kubectl.ts';

export function binaryStep(site: Site): Step {
  const files = async (sight: Sight): Promise<readonly FromBundle[]> => {
    const asset = k3sAsset(site, await factsOf(sight));
    return asset === undefined ? [] : [{ from: asset.path, to: binary }];
  };
  return stepOf(
    { id: 'k3s/binary', title: 'Place the k3s binary' },
    fileFromBundle(files, { mode: 0o755, restarts: 'k3s' }),
    kubectl,
  );
}

/** What people use at a server: virtctl, longhornctl, of the version of what they speak to. */
export function toolsStep(site: Site): Step {
  const files = async (sight: Sight): Promise<readonly FromBundle[]> =>
    toolsOf(site, await factsOf(sight)).map((asset) => ({ from: asset.path, to: toolPath(asset) }));
  return stepOf({ id: 'k3s/tools', title: 'Place the command line tools' }, fileFromBundle(files, { mode: 0o755 }));
}

/** The images of everything that will run, where k3s imports them from. */
export function imageArchivesStep(site: Site): Step {
  const directory = `${site.profile.cluster.k3s.dataDir}/agent/images`;
  const files = async (sight: Sight): Promise<readonly FromBundle[]> =>
    archivesOf(site, await factsOf(sight)).map((path) => ({ from: path, to: `${directory}/${basename(path)}` }));
  return stepOf(
    { id: 'k3s/image-archives', title: 'Place the image archives' },
    // k3s may import an archive the moment that it is there: what is unfinished has to be known before.
    fileFromBundle(files, { mode: 0o644, before: noteImporting }),
  );
}
