import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from './double.ts';
import { pathOf } from './kube-path.ts';
import { keyOf, type Shelf } from './shelf.ts';

/** The pods of controllers, counted together with those just made or taken away that the watch has not shown yet. */
export interface OwnedPods {
  /** Every pod of the owner that is there, also the ended and the leaving ones. */
  all(owner: KubeObject): KubeObject[];
  /** Pods that run or will run. */
  active(owner: KubeObject): KubeObject[];
  make(owner: KubeObject, template: Json, how: How): Promise<void>;
  remove(pod: KubeObject): Promise<void>;
}

export function ownedPods(stage: Stage, shelf: Shelf): OwnedPods {
  const born = new Map<string, KubeObject>();
  const leaving = new Set<string>();
  const all = (owner: KubeObject) => {
    for (const [key, pod] of born) if (shelf.get(pod.metadata.name, pod.metadata.namespace)) born.delete(key);
    return [...shelf.all(), ...born.values()].filter((pod) => isOwnedBy(pod, owner));
  };
  return {
    all,
    active: (owner) => all(owner).filter((pod) => isActive(pod) && !leaving.has(String(pod.metadata.uid))),
    async make(owner, template, how) {
      const pod = await stage.api.create(podFor(owner, template, how));
      born.set(keyOf(pod), pod);
    },
    async remove(pod) {
      leaving.add(String(pod.metadata.uid));
      await stage.api.remove(pathOf(pod));
    },
  };
}

interface How {
  /** Without one the server makes it from the owner's. */
  readonly name?: string;
  readonly labels?: Json;
  readonly spec?: Json;
}

function podFor(owner: KubeObject, template: Json, { name, labels, spec }: How): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      // Of the template's metadata only these count: a name in it is ignored, as virt-operator's is.
      ...(template.metadata?.annotations && { annotations: template.metadata.annotations }),
      ...(template.metadata?.finalizers && { finalizers: template.metadata.finalizers }),
      ...(name === undefined ? { generateName: `${owner.metadata.name}-` } : { name }),
      namespace: owner.metadata.namespace,
      labels: { ...template.metadata?.labels, ...labels },
      ownerReferences: [ownerReference(owner)],
    },
    spec: { ...template.spec, ...spec },
  };
}

export function ownerReference(owner: KubeObject): Json {
  const { name, uid } = owner.metadata;
  return { apiVersion: owner.apiVersion, kind: owner.kind, name, uid, controller: true, blockOwnerDeletion: true };
}

export function isOwnedBy(object: KubeObject, owner: KubeObject): boolean {
  return (object.metadata.ownerReferences ?? []).some((one) => one.uid === owner.metadata.uid);
}

/** `namespace/name` of the owner of a kind, for work queues. */
export function ownerKey(object: KubeObject, kind: string): string | undefined {
  const owner = (object.metadata.ownerReferences ?? []).find((one) => one.kind === kind && one.controller === true);
  return owner === undefined ? undefined : `${object.metadata.namespace}/${owner.name}`;
}

export function isActive(pod: KubeObject): boolean {
  return !['Succeeded', 'Failed'].includes(pod['status']?.phase) && pod.metadata.deletionTimestamp === undefined;
}

export function isReady(pod: KubeObject): boolean {
  return (pod['status']?.conditions ?? []).some((one: Json) => one.type === 'Ready' && one.status === 'True');
}
