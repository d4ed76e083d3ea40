import { double, type Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { ownedPods, ownerKey } from '../owned-pods.ts';
import { matchesLabels } from '../selector.ts';
import { type Change, keyOf, type Shelf } from '../shelf.ts';
import type { WorkQueue } from '../work-queue.ts';
import { syncDaemonSet } from './daemon-set.ts';
import { syncDeployment } from './deployment.ts';
import { syncEndpoints } from './endpoints.ts';
import { syncJob } from './job.ts';
import { furnishNamespace } from './namespace.ts';
import { syncReplicaSet } from './replica-set.ts';
import { syncStatefulSet } from './stateful-set.ts';

/** The controller manager's part for workloads: Deployments, ReplicaSets, DaemonSets, StatefulSets, Jobs, EndpointSlices, namespaces. */
export const workloadsDouble = double('the controller manager', (stage) => {
  const podsChanged: ((change: Change) => void)[] = [];
  const pods = stage.follow({
    path: kindPath('v1', 'Pod'),
    on: (change) => {
      for (const tell of podsChanged) tell(change);
    },
  });
  const owned = ownedPods(stage, pods);
  const ofPods = (kind: string, queue: WorkQueue) =>
    podsChanged.push(({ object }) => {
      const owner = ownerKey(object, kind);
      if (owner !== undefined) queue.add(owner);
    });

  deploymentsAndSets(stage, owned, ofPods);
  const daemonSets = controller(stage, 'apps/v1', 'DaemonSet', (set) => syncDaemonSet(stage, owned, nodes, set));
  const nodes = stage.follow({ path: kindPath('v1', 'Node'), on: () => daemonSets.addAll() });
  ofPods('DaemonSet', daemonSets.queue);
  ofPods('StatefulSet', controller(stage, 'apps/v1', 'StatefulSet', (set) => syncStatefulSet(stage, owned, set)).queue);
  ofPods('Job', controller(stage, 'batch/v1', 'Job', (job) => syncJob(stage, owned, job)).queue);
  controller(stage, 'v1', 'Namespace', (namespace) => furnishNamespace(stage, namespace));
  podsChanged.push(endpoints(stage, pods));
});

type Sync = (object: ReturnType<Shelf['all']>[number]) => Promise<number | undefined>;

/** A queue over all objects of a kind, fed by their own spec changes; status changes alone are no work. */
function controller(stage: Stage, apiVersion: string, kind: string, sync: Sync) {
  const queue = stage.queue(async (key) => {
    const slash = key.indexOf('/');
    const object = slash < 0 ? shelf.get(key) : shelf.get(key.slice(slash + 1), key.slice(0, slash));
    return object === undefined ? undefined : await sync(object);
  });
  const shelf = stage.follow({
    path: kindPath(apiVersion, kind),
    on: ({ type, object, before }) => {
      if (type === 'DELETED') return;
      if (
        before === undefined ||
        before.metadata.generation !== object.metadata.generation ||
        object.metadata.generation === undefined
      ) {
        queue.add(keyOf(object));
      }
    },
  });
  return {
    queue,
    shelf,
    addAll() {
      for (const object of shelf.all()) queue.add(keyOf(object));
    },
  };
}

function deploymentsAndSets(
  stage: Stage,
  owned: ReturnType<typeof ownedPods>,
  ofPods: (kind: string, queue: WorkQueue) => void,
) {
  const deployments = controller(stage, 'apps/v1', 'Deployment', (one) => syncDeployment(stage, sets, one));
  const queue = stage.queue(async (key) => {
    const [namespace, name = ''] = key.split('/');
    const set = sets.get(name, namespace);
    return set === undefined ? undefined : await syncReplicaSet(stage, owned, set);
  });
  const sets = stage.follow({
    path: kindPath('apps/v1', 'ReplicaSet'),
    on: ({ type, object, before }) => {
      const owner = ownerKey(object, 'Deployment');
      if (owner !== undefined) deployments.queue.add(owner);
      if (type !== 'DELETED' && before?.metadata.generation !== object.metadata.generation) queue.add(keyOf(object));
    },
  });
  ofPods('ReplicaSet', queue);
}

function endpoints(stage: Stage, pods: Shelf): (change: Change) => void {
  const written = new Map<string, string>();
  const services = controller(stage, 'v1', 'Service', (service) => syncEndpoints(stage, pods, service, written));
  return ({ object: pod }) => {
    for (const service of services.shelf.all()) {
      const { selector } = service['spec'];
      const near = service.metadata.namespace === pod.metadata.namespace;
      if (near && selector && matchesLabels(selector, pod.metadata.labels)) services.queue.add(keyOf(service));
    }
  };
}
