import { minute } from '#engine/step';
import type { PhaseFor } from '#plan/plan';
import { gate } from '../verbs/condition.ts';
import { crdsEstablished } from '../verbs/crds-served.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { webhookAccepts, webhookRefuses } from '../verbs/webhook-accepts.ts';
import { deploymentAvailable } from '../verbs/workload-ready.ts';
import { leaderElected } from './leader-elected.ts';
import { operatorObjects } from './operator-objects.ts';
import { sampleWukong, wrongWukong } from './sample-wukong.ts';

/** Our own operator: a virtual machine in twenty lines. */
export const operator: PhaseFor = (site) => ({
  id: 'operator',
  title: 'Wukong operator',
  on: 'cluster',
  needs: ['k3s', 'kubevirt', 'cdi', 'cert-manager'],
  steps: site.profile.components.operator.enabled
    ? [
        objectsApplied({
          id: 'operator/install',
          title: 'Install the Wukong operator',
          component: 'operator',
          objects: (sight) => operatorObjects(site, sight.bundle),
          gate: gate(
            { title: 'the Wukong operator to lead and its kind to be checked', soft: 1 * minute, hard: 5 * minute },
            crdsEstablished('wukongs.vm.novasphere.dev', 'wukongsnapshots.vm.novasphere.dev'),
            deploymentAvailable('novasphere-system', 'wukong-operator'),
            leaderElected('novasphere-system', 'wukong-operator'),
            webhookAccepts(sampleWukong),
            webhookRefuses(wrongWukong, 'a Wukong with 0 CPUs'),
          ),
        }),
      ]
    : [],
});
