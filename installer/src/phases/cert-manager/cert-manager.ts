import type { PhaseFor } from '#plan/plan';
import { certificateProof } from './certificate-proof.ts';
import { certManagerInstalled } from './install-step.ts';

/** Certificates for the webhooks of the operator and for whoever wants one. */
export const certManager: PhaseFor = (site) => ({
  id: 'cert-manager',
  title: 'cert-manager',
  on: 'cluster',
  needs: ['k3s'],
  steps: site.profile.components.certManager.enabled ? [certManagerInstalled(site), certificateProof(site)] : [],
});
