import type { Json } from '#kube/json';
import type { KubeObject, ObjectRef } from '#kube/object';
import { refOf } from '#kube/ref';
import type { ExplainBed } from './bed.ts';

export interface PodLike {
  /** Default: the name of the workload or pod. */
  readonly container?: string;
  readonly image?: string;
  readonly init?: string;
  readonly limits?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly node?: string;
  readonly volumes?: readonly Json[];
  readonly spec?: Json;
}

/** One cluster as a case wants it: everything made through the API, and taken away again at the end. */
export class Scene {
  readonly bed: ExplainBed;
  readonly #made: ObjectRef[] = [];

  constructor(bed: ExplainBed) {
    this.bed = bed;
  }

  /** ISO time, so many seconds ago. */
  time(secondsAgo = 0): string {
    return `${new Date(this.bed.clock.now() - secondsAgo * 1000).toISOString().slice(0, 19)}Z`;
  }

  async make(object: Json, status?: Json): Promise<KubeObject> {
    const { namespace } = object.metadata;
    if (namespace !== undefined) await this.namespace(namespace);
    const made = await this.bed.client.create(object);
    this.#made.push(refOf(made));
    return status === undefined ? made : this.status(made, status);
  }

  /** Some kinds keep their status in the object itself. */
  async status(object: KubeObject, status: Json): Promise<KubeObject> {
    const { client } = this.bed;
    const resource = await client.discovery.find(object.apiVersion, object.kind);
    const hasOwn = resource?.subresources.includes('status') === true;
    return hasOwn ? client.patchStatus(refOf(object), status) : client.patch(refOf(object), { status });
  }

  async namespace(name: string): Promise<void> {
    const ref = { apiVersion: 'v1', kind: 'Namespace', name };
    if ((await this.bed.client.get(ref)) !== undefined) return;
    await this.bed.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }

  /** A node, Ready unless other conditions are given: `['Ready', 'False', 'KubeletNotReady', 'message']`. */
  async node(name = 'node-a', conditions: readonly Conditioned[] = [], more: Json = {}): Promise<KubeObject> {
    const labels = { 'kubernetes.io/hostname': name, 'node-role.kubernetes.io/control-plane': 'true', ...more.labels };
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: { ...more.spec } };
    const ready: Conditioned = ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'];
    const all = conditions.some(([type]) => type === 'Ready') ? conditions : [ready, ...conditions];
    const stamped = this.conditions(...all).map((one) => ({ ...one, lastHeartbeatTime: this.time() }));
    const capacity = { cpu: '8', memory: '16Gi', pods: '110' };
    return this.make(node, { conditions: stamped, capacity, allocatable: capacity });
  }

  conditions(...all: readonly Conditioned[]): readonly Json[] {
    return all.map(([type, status, reason, message]) => {
      const told = message === undefined ? {} : { message };
      return { type, status, reason, ...told, lastTransitionTime: this.time(60) };
    });
  }

  /** A pod by itself, as its kubelet sees it. */
  async pod(namespace: string, name: string, like: PodLike, status: Json = {}): Promise<KubeObject> {
    await this.account(namespace);
    const { labels = {}, annotations = {} } = like;
    const metadata = { name, namespace, labels, annotations };
    const pod = await this.make({ apiVersion: 'v1', kind: 'Pod', metadata, spec: podSpec(name, like) });
    return this.podStatus(pod, status);
  }

  /** The kubelet names the image of each container. */
  podStatus(pod: KubeObject, status: Json): Promise<KubeObject> {
    const { spec } = pod as Json;
    const all: readonly Json[] = [...(spec.initContainers ?? []), ...spec.containers];
    const named = (some: readonly Json[] | undefined) =>
      some?.map((one) => ({ ...one, image: all.find(({ name }) => name === one.name)?.image ?? '' }));
    const { initContainerStatuses, containerStatuses } = status;
    const statuses = {
      ...(initContainerStatuses && { initContainerStatuses: named(initContainerStatuses) }),
      ...(containerStatuses && { containerStatuses: named(containerStatuses) }),
    };
    return this.status(pod, { ...status, ...statuses });
  }

  /** A workload and the pods that its controller makes for it. */
  async workload(kind: 'DaemonSet' | 'Deployment', namespace: string, name: string, like: PodLike = {}) {
    await this.account(namespace);
    const labels = { ...like.labels, part: name };
    const spec = {
      selector: { matchLabels: { part: name } },
      template: { metadata: { labels }, spec: podSpec(name, like) },
    };
    await this.make({ apiVersion: 'apps/v1', kind, metadata: { name, namespace, labels }, spec });
    const query = { apiVersion: 'v1', kind: 'Pod', namespace, labelSelector: `part=${name}` };
    return this.until(async () => (await this.bed.client.list(query)).items[0]);
  }

  /** Pods cannot be made before their namespace has an account. */
  async account(namespace: string): Promise<void> {
    await this.namespace(namespace);
    const ref = { apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: 'default' };
    await this.until(() => this.bed.client.get(ref));
  }

  async event(about: KubeObject, reason: string, message: string, count = 1): Promise<void> {
    const { name, namespace, uid } = about.metadata;
    await this.make({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `${name}.${reason.toLowerCase()}${this.#made.length}`, namespace: namespace ?? 'default' },
      involvedObject: {
        apiVersion: about.apiVersion,
        kind: about.kind,
        name,
        ...(namespace ? { namespace } : {}),
        uid: about.kind === 'Node' ? name : uid,
      },
      type: 'Warning',
      reason,
      message,
      count,
      firstTimestamp: this.time(300),
      lastTimestamp: this.time(20),
      source: { component: 'kubelet' },
    });
  }

  /** What a container of a pod has printed. */
  says(pod: KubeObject, container: string, text: string, life: '' | '/previous' = ''): void {
    this.bed.logs.set(`${pod.metadata.namespace}/${pod.metadata.name}/${container}${life}`, text);
  }

  async until<T>(look: () => Promise<T | undefined>): Promise<T> {
    for (let left = 100; left > 0; left--) {
      const found = await look();
      if (found !== undefined) return found;
      await this.bed.clock.sleep(100);
    }
    throw new Error(`it did not come about: ${look.toString()}`);
  }

  /** Takes everything away again, whatever holds it. */
  async clear(): Promise<void> {
    this.bed.logs.clear();
    const { client } = this.bed;
    for (const ref of this.#made.toReversed()) {
      await client.delete(ref, { propagation: 'Background', grace: 0 });
      const left = await client.get(ref);
      if (left?.metadata.finalizers !== undefined && ref.kind !== 'Namespace')
        await client.patch(ref, { metadata: { finalizers: null } }).catch(() => undefined);
    }
    // A controller may be in the middle of making a pod again that has gone before it.
    for (const pause of [0, this.bed.settling]) {
      await this.bed.clock.sleep(pause);
      for (const kind of ['Deployment', 'DaemonSet', 'ReplicaSet']) await this.#emptied('apps/v1', kind);
      for (const kind of ['Pod', 'PersistentVolumeClaim']) await this.#emptied('v1', kind);
    }
  }

  async #emptied(apiVersion: string, kind: string): Promise<void> {
    const { client } = this.bed;
    await this.until(async () => {
      const { items } = await client.list({ apiVersion, kind });
      for (const one of items) await client.delete(refOf(one), { propagation: 'Background', grace: 0 });
      return items.length === 0 ? true : undefined;
    });
  }
}

export type Conditioned = readonly [type: string, status: string, reason: string, message?: string];

function podSpec(
  name: string,
  { container = name, image = 'example.test/thing:1', init, limits, node = 'node-a', volumes = [], spec = {} }: PodLike,
): Json {
  const resources = limits === undefined ? {} : { resources: { limits } };
  const place = spec.schedulerName === undefined ? { nodeName: node } : {};
  return {
    ...place,
    terminationGracePeriodSeconds: 1,
    ...(init === undefined ? {} : { initContainers: [{ name: init, image }] }),
    containers: [{ name: container, image, ...resources }],
    volumes,
    tolerations: [{ operator: 'Exists' }],
    ...spec,
  };
}
