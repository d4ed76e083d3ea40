import { minute, type Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { apiServiceAvailable } from '../verbs/api-service-available.ts';
import { every, gate } from '../verbs/condition.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { deploymentAvailable } from '../verbs/workload-ready.ts';
import { cdiConfigured, cdiDeployed } from './cdi-conditions.ts';
import { cdiResource } from './cdi-objects.ts';

const deployments = ['cdi-deployment', 'cdi-apiserver', 'cdi-uploadproxy'];

export function platformDeployed(site: Site): Step {
  return objectsApplied({
    id: 'cdi/platform',
    title: 'Deploy CDI',
    component: 'cdi',
    objects: (sight) => cdiResource(site, sight.bundle),
    gate: gate(
      { title: 'CDI to be deployed', soft: 4 * minute, hard: 10 * minute },
      every(
        cdiDeployed(site.catalog.components.cdi.version),
        ...deployments.map((name) => deploymentAvailable('cdi', name)),
      ),
      apiServiceAvailable('v1beta1.upload.cdi.kubevirt.io'),
      cdiConfigured(site),
    ),
  });
}
