import { minute, type Step, second } from '#engine/step';
import type { Site } from '#plan/plan';
import { every, gate } from '../verbs/condition.ts';
import { manifestsOf } from '../verbs/manifest.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { webhookAccepts } from '../verbs/webhook-accepts.ts';
import { deploymentAvailable } from '../verbs/workload-ready.ts';
import { authorityInjected } from './authority-injected.ts';
import { rehearsedCertificate } from './certificate-proof.ts';

const deployments = ['cert-manager', 'cert-manager-cainjector', 'cert-manager-webhook'];

/** For its first half minute the webhook refuses connections, or shows a certificate that nobody knows yet. */
export function certManagerInstalled(site: Site): Step {
  return objectsApplied({
    id: 'cert-manager/install',
    title: 'Install cert-manager',
    component: 'cert-manager',
    objects: (sight) => manifestsOf(sight.bundle, site.catalog.components['cert-manager']),
    gate: gate(
      { title: 'cert-manager to run and its webhook to answer', soft: 2 * minute, hard: 5 * minute, every: 3 * second },
      every(...deployments.map((name) => deploymentAvailable('cert-manager', name))),
      authorityInjected,
      webhookAccepts(rehearsedCertificate),
    ),
  });
}
