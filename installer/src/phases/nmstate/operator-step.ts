import { minute, type Step, second } from '#engine/step';
import type { Site } from '#plan/plan';
import { gate } from '../verbs/condition.ts';
import { manifestsOf } from '../verbs/manifest.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { deploymentAvailable } from '../verbs/workload-ready.ts';

export function operatorInstalled(site: Site): Step {
  return objectsApplied({
    id: 'nmstate/operator',
    title: 'Install the operator of NMState',
    component: 'nmstate',
    objects: (sight) => manifestsOf(sight.bundle, site.catalog.components.nmstate),
    gate: gate(
      { title: 'the operator of NMState to be available', soft: 80 * second, hard: 5 * minute },
      deploymentAvailable('nmstate', 'nmstate-operator'),
    ),
  });
}
