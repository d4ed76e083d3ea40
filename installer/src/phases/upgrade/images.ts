import type { PhaseFor } from '#plan/plan';
import { apiStep } from '../k3s/gates.ts';
import { mended } from '../k3s/image-store-step.ts';
import { importStep } from '../k3s/import-step.ts';
import { imageArchivesStep } from '../k3s/placed.ts';
import { running, startedWith } from '../k3s/service-step.ts';
import { stepOf } from '../verbs/host-part.ts';
import { archivesKept, keptArchivesGone } from './kept-archives.ts';

/** The new images beside the old ones, on every node, before anything asks for them: k3s imports while it runs. */
export const newImages: PhaseFor = (site) => ({
  id: 'images',
  title: 'New images',
  on: 'each host',
  needs: [],
  steps: [
    stepOf({ id: 'images/keep', title: 'Keep the image archives of the release before' }, archivesKept(site)),
    { ...imageArchivesStep(site), id: 'images/archives' },
    // In one step: a run that stopped in between would leave a machine without Kubernetes.
    stepOf(
      { id: 'images/store', title: 'Mend the image store after a power cut', gate: running(site) },
      mended(site),
      startedWith(site),
    ),
    { ...apiStep(), id: 'images/api' },
    { ...importStep(site), id: 'images/import' },
  ],
});

/** When all is done and proven. */
export const tidied: PhaseFor = (site) => ({
  id: 'tidy',
  title: 'After the upgrade',
  on: 'each host',
  needs: [],
  steps: [
    stepOf({ id: 'tidy/archives', title: 'Remove the image archives of the release before' }, keptArchivesGone(site)),
  ],
});
