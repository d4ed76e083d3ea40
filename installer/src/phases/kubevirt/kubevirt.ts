import type { PhaseFor } from '#plan/plan';
import { operatorInstalled } from './operator-step.ts';
import { platformDeployed } from './platform-step.ts';

/** Virtual machines in pods. */
export const kubevirt: PhaseFor = (site) => ({
  id: 'kubevirt',
  title: 'KubeVirt',
  on: 'cluster',
  needs: ['k3s'],
  steps: site.profile.components.kubevirt.enabled ? [operatorInstalled(site), platformDeployed(site)] : [],
});
