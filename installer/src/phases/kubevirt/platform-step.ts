import { minute, type Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { every, gate } from '../verbs/condition.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { webhookAccepts } from '../verbs/webhook-accepts.ts';
import { daemonSetReady, deploymentAvailable } from '../verbs/workload-ready.ts';
import { apisAvailable, kubevirtDeployed, nodeOffersVirtualisation } from './kubevirt-conditions.ts';
import { kubevirtResource } from './kubevirt-objects.ts';
import { sampleMachine } from './sample-machine.ts';

/** KubeVirt is only there when it says so itself, every node offers devices, and its webhook takes a machine. */
export function platformDeployed(site: Site): Step {
  return objectsApplied({
    id: 'kubevirt/platform',
    title: 'Deploy KubeVirt',
    component: 'kubevirt',
    objects: (sight) => kubevirtResource(site, sight),
    gate: gate(
      { title: 'KubeVirt to be deployed and every node to offer its devices', soft: 8 * minute, hard: 15 * minute },
      every(
        kubevirtDeployed(site.catalog.components.kubevirt.version),
        deploymentAvailable('kubevirt', 'virt-api'),
        deploymentAvailable('kubevirt', 'virt-controller'),
        daemonSetReady('kubevirt', 'virt-handler'),
      ),
      apisAvailable,
      ...site.profile.nodes.map(({ name }) => nodeOffersVirtualisation(name)),
      webhookAccepts(sampleMachine),
    ),
  });
}
