import { minute, type Step, second } from '#engine/step';
import { gate } from '../verbs/condition.ts';
import { crdsEstablished } from '../verbs/crds-served.ts';
import { objectsIn } from '../verbs/manifest.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { deploymentAvailable } from '../verbs/workload-ready.ts';

export function operatorInstalled(): Step {
  return objectsApplied({
    id: 'cdi/operator',
    title: 'Install the operator of CDI',
    component: 'cdi',
    objects: (sight) => objectsIn(sight.bundle, 'manifests/cdi/cdi-operator.yaml'),
    gate: gate(
      { title: 'the operator of CDI to be available', soft: 80 * second, hard: 10 * minute },
      crdsEstablished('cdis.cdi.kubevirt.io'),
      deploymentAvailable('cdi', 'cdi-operator'),
    ),
  });
}
