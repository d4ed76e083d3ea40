import { Fault } from '#engine/fault';
import { minute, type Step, second } from '#engine/step';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { type Condition, gate, met, unmet } from '../verbs/condition.ts';
import { refOf } from '../verbs/object-name.ts';
import { proof } from '../verbs/proof.ts';

const link = 'nova-trial1';

/** NMState changes the network of a node and takes it back. Two policies: the status of one would outlive its change. */
export function policyProof(site: Site): Step {
  const patience = { soft: 2 * minute, hard: 12 * minute };
  const up = policy('up');
  const absent = policy('absent');
  return proof({
    id: 'nmstate/policy',
    title: 'Prove that NMState can change the network of a node',
    claim: 'a dummy interface is made and removed by policies',
    of: { nmstate: site.catalog.components.nmstate.version },
    stages: [
      { objects: [up], gate: gate({ title: 'a dummy interface to be made', ...patience }, applied(up)) },
      {
        remove: [refOf(up)],
        objects: [absent],
        gate: gate({ title: 'the dummy interface to be removed', ...patience }, applied(absent)),
      },
    ],
    gone: gate(
      { title: 'no node to have the dummy interface', soft: 1 * minute, hard: 3 * minute, every: 5 * second },
      ...site.profile.nodes.map(({ name }) => withoutLink(name)),
    ),
  });
}

function policy(state: 'up' | 'absent'): KubeObject {
  const wanted = state === 'up' ? { name: link, type: 'dummy', state } : { name: link, state };
  return {
    apiVersion: 'nmstate.io/v1',
    kind: 'NodeNetworkConfigurationPolicy',
    metadata: { name: `novasphere-trial-${state}` },
    spec: { desiredState: { interfaces: [wanted] } },
  };
}

function applied(object: KubeObject): Condition {
  const { name } = object.metadata;
  return async (sight) => {
    const live: Json = await sight.cluster.get(refOf(object));
    const conditions: readonly Json[] = live?.status?.conditions ?? [];
    const is = (type: string) => conditions.find((one) => one.type === type && one.status === 'True');
    if (is('Available') !== undefined) return met(`policy ${name} is Available on every node`);
    const degraded = is('Degraded');
    if (degraded !== undefined)
      return unmet(`policy ${name} is Degraded`, { hopeless: refused(name, degraded, await failuresOf(name, sight)) });
    return unmet(`policy ${name} is not applied yet: ${is('Progressing')?.reason ?? 'NMState has not begun'}`);
  };
}

function withoutLink(node: string): Condition {
  return async (sight) => {
    const ref = { apiVersion: 'nmstate.io/v1beta1', kind: 'NodeNetworkState', name: node };
    const state: Json = await sight.cluster.get(ref);
    const links: readonly Json[] = state?.status?.currentState?.interfaces ?? [];
    return links.some(({ name }) => name === link) ? unmet(`NMState still sees ${link} on ${node}`) : met();
  };
}

/** What each node says that could not do it. */
async function failuresOf(name: string, { cluster }: Sight): Promise<readonly string[]> {
  const query = {
    apiVersion: 'nmstate.io/v1beta1',
    kind: 'NodeNetworkConfigurationEnactment',
    labelSelector: `nmstate.io/policy=${name}`,
  };
  const enactments: readonly Json[] = await cluster.list(query);
  return enactments.flatMap(({ status }) => {
    const failing = (status?.conditions ?? []).find((one: Json) => one.type === 'Failing' && one.status === 'True');
    return failing === undefined ? [] : [failing.message];
  });
}

function refused(name: string, { reason, message }: Json, failures: readonly string[]): Fault {
  const why = [reason, message].filter(Boolean).join(': ');
  return new Fault({
    code: 'COMPONENT-FAILED',
    message: 'NMState could not apply a policy and has rolled it back',
    cause: failures[0] === undefined ? why : new Error(why, { cause: failures[0] }),
    evidence: failures.slice(1),
    where: [`object NodeNetworkConfigurationPolicy ${name}`],
    remedy: [
      'kubectl get nnce -o yaml  shows what happened on each node',
      'systemctl status NetworkManager  on the node: NMState works through it',
    ],
  });
}
