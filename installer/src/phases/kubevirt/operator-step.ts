import { minute, type Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { gate } from '../verbs/condition.ts';
import { crdsEstablished } from '../verbs/crds-served.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { deploymentAvailable } from '../verbs/workload-ready.ts';
import { kubevirtOperator } from './kubevirt-objects.ts';

export function operatorInstalled(site: Site): Step {
  return objectsApplied({
    id: 'kubevirt/operator',
    title: 'Install the operator of KubeVirt',
    component: 'kubevirt',
    objects: (sight) => kubevirtOperator(site, sight.bundle),
    gate: gate(
      { title: 'the operator of KubeVirt to be available', soft: 2 * minute, hard: 15 * minute },
      crdsEstablished('kubevirts.kubevirt.io'),
      deploymentAvailable('kubevirt', 'virt-operator'),
    ),
  });
}
