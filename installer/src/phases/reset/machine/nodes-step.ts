import { Fault } from '#engine/fault';
import { type Change, type Gate, minute, type Step, second } from '#engine/step';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { gate, met, unmet } from '../../verbs/condition.ts';
import { finding } from '../../verbs/finding.ts';
import { isActive } from '../../verbs/host-unit.ts';
import { removeAndWait } from '../removal/gone.ts';

const nodeKind = { apiVersion: 'v1', kind: 'Node' };

/** The last server goes when all others have gone: their machines reset themselves, this takes them off the list. */
export function othersGone(site: Site): Step {
  const others = async ({ cluster }: Sight) =>
    (await cluster.list(nodeKind)).filter(({ metadata }) => metadata.name !== site.node.name);
  return {
    id: 'reset-k3s/other-nodes',
    title: 'Let the other machines go first',
    probe: async (sight) => finding((await others(sight)).map(leaving)),
    async apply(stage, act) {
      const left = await others(stage);
      await act.waitFor(silent(left));
      // With the object its password goes, too: the machine may join another time under the same name.
      await removeAndWait(left, stage, act);
    },
  };
}

/** A server that only stopped would still count as a member of etcd, and take its vote with it. */
export function nodeLeaves({ node }: Site): Step {
  const own = async ({ cluster, host }: Sight) =>
    (await isActive(host, 'k3s.service')) ? cluster.get({ ...nodeKind, name: node.name }) : undefined;
  return {
    id: 'reset-k3s/leave',
    title: 'Leave the cluster',
    async probe(sight) {
      const live = await own(sight);
      return finding(live === undefined ? [] : [leaving(live)]);
    },
    async apply(stage, act) {
      const live = await own(stage);
      if (live !== undefined) await removeAndWait([live], stage, act);
    },
  };
}

function leaving({ metadata }: KubeObject): Change {
  return { what: `node ${metadata.name}`, from: 'in the cluster', to: 'not any more' };
}

function silent(nodes: readonly KubeObject[]): Gate {
  const about = { title: 'the other machines to have left the cluster', soft: 1 * minute, hard: 2 * minute };
  let speaking: readonly string[] = [];
  const gone = gate({ ...about, every: 5 * second }, async ({ cluster }) => {
    const live: readonly Json[] = await cluster.list(nodeKind);
    const isOther = ({ metadata }: KubeObject) => nodes.some((one) => one.metadata.name === metadata.name);
    const isReady = ({ status }: Json) =>
      (status?.conditions ?? []).some((one: Json) => one.type === 'Ready' && one.status === 'True');
    speaking = live.filter((one) => isOther(one) && isReady(one)).map(({ metadata }) => metadata.name);
    return speaking.length === 0
      ? met('no other machine speaks to the API server')
      : unmet(`${speaking.join(', ')} still runs`);
  });
  return { ...gone, explain: async () => remaining(speaking) };
}

function remaining(names: readonly string[]): Fault {
  const [first = 'it'] = names;
  return new Fault({
    code: 'NODES-REMAIN',
    message: `${names.join(' and ')} still ${names.length === 1 ? 'belongs' : 'belong'} to the cluster that would be stopped here`,
    cause: 'a machine only ever resets itself',
    remedy: [
      `novasphere reset PROFILE          on ${first}${names.length === 1 ? '' : ' and the others, agents before servers'}`,
      'then run the same command here again: the cluster is empty already',
    ],
  });
}
