import { minute, type Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { gate } from '../verbs/condition.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { nmstateRuns, stateFresh } from './nmstate-conditions.ts';

export function handlersDeployed(site: Site): Step {
  return objectsApplied({
    id: 'nmstate/handlers',
    title: 'Let NMState look at every node',
    component: 'nmstate',
    objects: () => [{ apiVersion: 'nmstate.io/v1', kind: 'NMState', metadata: { name: 'nmstate' } }],
    gate: gate(
      { title: 'NMState to know the network of every node', soft: 4 * minute, hard: 12 * minute },
      nmstateRuns,
      ...site.profile.nodes.map(stateFresh),
    ),
  });
}
