import type { PhaseFor } from '#plan/plan';
import { classesMade } from './classes-step.ts';
import { disksSeen } from './disks-step.ts';
import { longhornInstalled } from './install-step.ts';
import { snapshotterInstalled } from './snapshotter-step.ts';
import { volumeProof } from './volume-proof.ts';

/** Replicated block storage, with snapshots. */
export const longhorn: PhaseFor = (site) => {
  const { components, verify } = site.profile;
  const proofs = verify.storage
    ? [volumeProof(site, 'longhorn/volume', 'Filesystem'), volumeProof(site, 'longhorn/block-volume', 'Block')]
    : [];
  return {
    id: 'longhorn',
    title: 'Longhorn',
    on: 'cluster',
    needs: ['k3s'],
    steps: components.longhorn.enabled
      ? [snapshotterInstalled(site), longhornInstalled(site), disksSeen(site), classesMade(site), ...proofs]
      : [],
  };
};
