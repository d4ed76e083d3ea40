import { minute } from '#engine/step';
import type { PhaseFor } from '#plan/plan';
import { gate } from '../verbs/condition.ts';
import { manifestsOf } from '../verbs/manifest.ts';
import { objectsApplied } from '../verbs/objects-applied.ts';
import { deploymentAvailable } from '../verbs/workload-ready.ts';
import { nmstateRuns, stateFresh } from './nmstate-conditions.ts';
import { policyProof } from './policy-proof.ts';

/** Networks of the host as Kubernetes objects. */
export const nmstate: PhaseFor = (site) => ({
  id: 'nmstate',
  title: 'NMState',
  on: 'cluster',
  needs: ['k3s'],
  steps: site.profile.components.nmstate.enabled
    ? [
        objectsApplied({
          id: 'nmstate/operator',
          title: 'Install the operator of NMState',
          component: 'nmstate',
          objects: (sight) => manifestsOf(sight.bundle, site.catalog.components.nmstate),
          gate: gate(
            { title: 'the operator of NMState to be available', soft: 80_000, hard: 5 * minute },
            deploymentAvailable('nmstate', 'nmstate-operator'),
          ),
        }),
        objectsApplied({
          id: 'nmstate/handlers',
          title: 'Let NMState look at every node',
          component: 'nmstate',
          objects: () => [{ apiVersion: 'nmstate.io/v1', kind: 'NMState', metadata: { name: 'nmstate' } }],
          gate: gate(
            { title: 'NMState to know the network of every node', soft: 4 * minute, hard: 12 * minute },
            nmstateRuns,
            ...site.profile.nodes.map(stateFresh),
          ),
        }),
        ...(site.profile.verify.network ? [policyProof(site)] : []),
      ]
    : [],
});
