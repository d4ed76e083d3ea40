import type { PhaseFor } from '#plan/plan';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { allProofs } from '../verbs/proof-record.ts';
import { certificate } from './certificate.ts';
import { imagesStep } from './images-step.ts';
import { sampleProof } from './sample-proof.ts';

/** The promise kept: a virtual machine that really boots, and a certificate of everything that was proven. */
export const verify: PhaseFor = (site) => {
  const { kubevirt, cdi, operator } = site.profile.components;
  return {
    id: 'verify',
    title: 'Verification',
    on: 'cluster',
    needs: ['k3s', 'longhorn', 'multus', 'nmstate', 'kubevirt', 'cdi', 'cert-manager', 'operator'],
    steps: [
      ...(kubevirt.enabled && cdi.enabled && operator.enabled ? [sampleProof(site)] : []),
      imagesStep(),
      objectsApplied({
        id: 'verify/certificate',
        title: 'Write the certificate',
        component: 'verify',
        objects: async (sight) => [certificate(site, await allProofs(sight.cluster))],
      }),
    ],
  };
};
