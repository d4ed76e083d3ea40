import type { PhaseFor } from '#plan/plan';
import { blankDiskProof } from './blank-disk-proof.ts';
import { operatorInstalled } from './operator-step.ts';
import { platformDeployed } from './platform-step.ts';

/** Fills volumes with disk images. */
export const cdi: PhaseFor = (site) => {
  const { components, verify } = site.profile;
  const proofs = verify.storage && components.longhorn.enabled ? [blankDiskProof(site)] : [];
  return {
    id: 'cdi',
    title: 'CDI',
    on: 'cluster',
    needs: ['k3s', 'longhorn'],
    steps: components.cdi.enabled ? [operatorInstalled(), platformDeployed(site), ...proofs] : [],
  };
};
