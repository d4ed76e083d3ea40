import { minute } from '#engine/step';
import type { PhaseFor } from '#plan/plan';
import { every, gate } from '../verbs/condition.ts';
import { crdsEstablished } from '../verbs/crds-served.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { webhookAccepts } from '../verbs/webhook-accepts.ts';
import { daemonSetReady, deploymentAvailable } from '../verbs/workload-ready.ts';
import { apisAvailable, kubevirtDeployed, nodeOffersVirtualisation } from './kubevirt-conditions.ts';
import { kubevirtOperator, kubevirtResource } from './kubevirt-objects.ts';
import { sampleMachine } from './sample-machine.ts';

/** Virtual machines in pods. */
export const kubevirt: PhaseFor = (site) => ({
  id: 'kubevirt',
  title: 'KubeVirt',
  on: 'cluster',
  needs: ['k3s'],
  steps: site.profile.components.kubevirt.enabled
    ? [
        objectsApplied({
          id: 'kubevirt/operator',
          title: 'Install the operator of KubeVirt',
          component: 'kubevirt',
          objects: (sight) => kubevirtOperator(site, sight.bundle),
          gate: gate(
            { title: 'the operator of KubeVirt to be available', soft: 2 * minute, hard: 15 * minute },
            crdsEstablished('kubevirts.kubevirt.io'),
            deploymentAvailable('kubevirt', 'virt-operator'),
          ),
        }),
        objectsApplied({
          id: 'kubevirt/platform',
          title: 'Deploy KubeVirt',
          component: 'kubevirt',
          objects: (sight) => kubevirtResource(site, sight),
          gate: gate(
            {
              title: 'KubeVirt to be deployed and every node to offer its devices',
              soft: 8 * minute,
              hard: 15 * minute,
            },
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
        }),
      ]
    : [],
});
