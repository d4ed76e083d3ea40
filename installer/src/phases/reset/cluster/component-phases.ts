import type { Phase, Step } from '#engine/step';
import type { ClusterSight, KubeObject } from '#ports/cluster';
import { allOf, definitionsOf, type Kind, kindOf } from '../removal/kinds.ts';
import { groupsOf, type Parts, parts } from '../removal/parts.ts';
import { takenOff } from '../removal/taken-off.ts';

/** The components that are taken off in one way: first what their operator was asked for, then the operator itself. */

export function operatorOff(): Phase {
  return phase('reset-operator', 'Take off the Wukong operator', [
    rest('reset-operator', 'the Wukong operator', parts.operator),
  ]);
}

export function cdiOff(): Phase {
  return phase('reset-cdi', 'Take off CDI', [
    resource('reset-cdi', 'Let CDI take itself down', { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'CDI' }),
    rest('reset-cdi', 'what is left of CDI', parts.cdi),
  ]);
}

export function kubevirtOff(): Phase {
  return phase('reset-kubevirt', 'Take off KubeVirt', [
    resource('reset-kubevirt', 'Let KubeVirt take itself down', { apiVersion: 'kubevirt.io/v1', kind: 'KubeVirt' }),
    rest('reset-kubevirt', 'what is left of KubeVirt', parts.kubevirt),
  ]);
}

export function certManagerOff(): Phase {
  const { isGroup } = parts.certManager;
  return phase('reset-cert-manager', 'Take off cert-manager', [
    takenOff({
      id: 'reset-cert-manager/certificates',
      title: 'Remove certificates and issuers',
      groups: async ({ cluster }) => [await instancesOf(cluster, isGroup)],
    }),
    rest('reset-cert-manager', 'cert-manager', parts.certManager),
  ]);
}

/** Everything of the kinds of a group. */
export async function instancesOf(
  cluster: ClusterSight,
  isGroup: (group: string) => boolean,
): Promise<readonly KubeObject[]> {
  return allOf(cluster, (await definitionsOf(cluster, isGroup)).map(kindOf));
}

/** What an operator was asked for: it goes first, for only its operator can take it down. */
export function resource(phaseId: string, title: string, kind: Kind): Step {
  return takenOff({ id: `${phaseId}/platform`, title, groups: async ({ cluster }) => [await allOf(cluster, [kind])] });
}

/** Whatever of a component is still there: webhooks, workloads, rights, kinds, namespace. */
export function rest(phaseId: string, what: string, wanted: Parts): Step {
  return takenOff({
    id: `${phaseId}/rest`,
    title: `Remove ${what}`,
    groups: ({ cluster }) => groupsOf(cluster, wanted),
  });
}

export function phase(id: string, title: string, steps: readonly Step[]): Phase {
  return { id, title, on: 'cluster', needs: [], steps };
}
