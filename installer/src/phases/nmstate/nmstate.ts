import type { PhaseFor } from '#plan/plan';
import { handlersDeployed } from './handlers-step.ts';
import { operatorInstalled } from './operator-step.ts';
import { policyProof } from './policy-proof.ts';

/** Networks of the host as Kubernetes objects. */
export const nmstate: PhaseFor = (site) => {
  const { components, verify } = site.profile;
  return {
    id: 'nmstate',
    title: 'NMState',
    on: 'cluster',
    needs: ['k3s'],
    steps: components.nmstate.enabled
      ? [operatorInstalled(site), handlersDeployed(site), ...(verify.network ? [policyProof(site)] : [])]
      : [],
  };
};
