import type { Json } from '#kube/json';
import type { Sight } from '#ports/world';
import { type Condition, met, type Seen, unmet } from './condition.ts';
import { Persistence } from './persistence.ts';
import { podTrouble } from './pod-trouble.ts';

/** A Deployment has all the replicas that it wants, of its newest version. */
export function deploymentAvailable(namespace: string, name: string): Condition {
  return workload('Deployment', namespace, name, ({ spec, status = {} }) => {
    const wanted = spec.replicas ?? 1;
    const available = status.conditions?.some((one: Json) => one.type === 'Available' && one.status === 'True');
    const [updated, ready] = [status.updatedReplicas ?? 0, status.availableReplicas ?? 0];
    const done = wanted === 0 || (available === true && updated >= wanted && ready >= wanted);
    return { done, told: `${Math.min(ready, updated)} of ${wanted} replicas available` };
  });
}

/** A DaemonSet runs its newest version on every node that it wants. */
export function daemonSetReady(namespace: string, name: string): Condition {
  return workload('DaemonSet', namespace, name, ({ status = {} }) => {
    const { desiredNumberScheduled: wanted = 0, numberReady: ready = 0, updatedNumberScheduled: updated = 0 } = status;
    const done = wanted > 0 && ready === wanted && updated === wanted;
    return { done, told: `${Math.min(ready, updated)} of ${wanted} pods ready` };
  });
}

function workload(
  kind: 'Deployment' | 'DaemonSet',
  namespace: string,
  name: string,
  judge: (object: Json) => { readonly done: boolean; readonly told: string },
): Condition {
  const lasting = new Persistence();
  const title = `${kind} ${namespace}/${name}`;
  return async (sight) => {
    const object: Json = await sight.cluster.get({ apiVersion: 'apps/v1', kind, namespace, name });
    if (object === undefined) return unmet(`${title} does not exist yet`);
    if ((object.status?.observedGeneration ?? 0) < object.metadata.generation)
      return unmet(`the controller has not seen the newest version of ${title} yet`);
    const { done, told } = judge(object);
    return done ? met(`${title}: ${told}`) : because(object, `${title} has ${told}`, sight, lasting);
  };
}

async function because(object: Json, told: string, sight: Sight, lasting: Persistence): Promise<Seen> {
  const labels: Record<string, string> = object.spec.selector.matchLabels ?? {};
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const { namespace } = object.metadata;
  const about = { kind: object.kind, namespace, name: object.metadata.name };
  const pods = await sight.cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector });
  for (const pod of pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined)) {
    const trouble = await podTrouble(pod, sight, lasting);
    if (trouble !== undefined) return unmet(`${told}: ${trouble.because}`, { about, ...trouble });
  }
  return unmet(pods.length === 0 ? `${told}: there is no pod yet` : told, { about });
}
