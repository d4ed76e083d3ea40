import { minute, second } from '#engine/step';
import type { PhaseFor } from '#plan/plan';
import { every, gate } from '../verbs/condition.ts';
import { manifestsOf } from '../verbs/manifest.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { webhookAccepts } from '../verbs/webhook-accepts.ts';
import { deploymentAvailable } from '../verbs/workload-ready.ts';
import { authorityInjected } from './authority-injected.ts';
import { certificateProof, rehearsedCertificate } from './certificate-proof.ts';

/** Certificates for the webhooks of the operator and for whoever wants one. */
export const certManager: PhaseFor = (site) => ({
  id: 'cert-manager',
  title: 'cert-manager',
  on: 'cluster',
  needs: ['k3s'],
  steps: site.profile.components.certManager.enabled
    ? [
        objectsApplied({
          id: 'cert-manager/install',
          title: 'Install cert-manager',
          component: 'cert-manager',
          objects: (sight) => manifestsOf(sight.bundle, site.catalog.components['cert-manager']),
          gate: gate(
            // For its first half minute the webhook refuses connections or shows a certificate that nobody knows yet.
            {
              title: 'cert-manager to run and its webhook to answer',
              soft: 2 * minute,
              hard: 5 * minute,
              every: 3 * second,
            },
            every(
              ...['cert-manager', 'cert-manager-cainjector', 'cert-manager-webhook'].map((name) =>
                deploymentAvailable('cert-manager', name),
              ),
            ),
            authorityInjected,
            webhookAccepts(rehearsedCertificate),
          ),
        }),
        certificateProof(site),
      ]
    : [],
});
