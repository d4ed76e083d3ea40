import type { PhaseFor } from '#plan/plan';
import { platformFit } from './fitness-step.ts';
import { etcdKept } from './snapshot-step.ts';

/** Before the first version changes: is the platform well, and is there a way back? */
export const fitForUpgrade: PhaseFor = (site) => ({
  id: 'upgrade',
  title: 'Before the upgrade',
  on: 'cluster',
  needs: [],
  steps: [platformFit(site), etcdKept(site)],
});
