import type { Caches } from '#kube/caches';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../api/wukong.ts';
import { Controller, type ControllerOptions, type Watched } from '../../runtime/controller.ts';
import { changedIn, type Matters, wishChanged } from '../../runtime/filters.ts';
import { claimsUsedBy } from './disks/keys.ts';
import { everyKey, keyOf, namedKeys, parentKeys, wukongKeys } from './keys.ts';
import { addressKeys, bridgeKeys } from './networks/keys.ts';
import { bridgeOfPolicy } from './networks/policy-removal.ts';
import type { Pass } from './pass.ts';
import { reconcile } from './reconcile.ts';
import type { Kind } from './sight.ts';

export interface WukongController
  extends Pick<ControllerOptions, 'time' | 'log' | 'concurrency' | 'random' | 'observer'> {
  readonly caches: Caches<Kind>;
  readonly nmstate: boolean;
  /** Everything that a pass works with but its signal. */
  readonly pass: Omit<Pass, 'signal'>;
}

/** Keeps Wukongs true: woken by a change of theirs, and of everything that they have or name. */
export function wukongController({ caches, nmstate, pass, ...options }: WukongController): Controller {
  const watched = (kind: Kind, keys: Watched['keys'], matters?: Matters): Watched => ({
    source: { all: () => caches.all(kind), onChange: (handlers) => caches.onChange(kind, handlers) },
    keys,
    ...(matters === undefined ? {} : { matters }),
  });
  const every = () => everyKey(caches, 'Wukong');
  const named = (index: string) => (one: KubeObject) => namedKeys(caches, index, one);
  const nodes = nmstate
    ? [
        watched('NodeNetworkConfigurationPolicy', usersOfBridge(caches)),
        watched('NodeNetworkState', every, changedIn(stateless)),
        watched('Node', every, changedIn(stateless)),
      ]
    : [];
  return new Controller({
    ...options,
    name: 'wukong',
    synced: caches.synced,
    about: watched('Wukong', (one) => wukongKeys(caches, held(one as Wukong), one), wishChanged),
    also: [
      watched('VirtualMachine', parentKeys, changedIn(machine)),
      watched('VirtualMachineInstance', parentKeys, changedIn(instance)),
      watched('DataVolume', parentKeys, changedIn(storage)),
      watched('PersistentVolumeClaim', named('claim'), changedIn(storage)),
      watched('NetworkAttachmentDefinition', named('nad'), changedIn(stateless)),
      watched('Secret', named('secret')),
      watched('VirtualMachineRestore', parentKeys),
      watched('WukongSnapshot', (one) => [`${one.metadata.namespace}/${one['spec']?.wukongName}`], changedIn(snapshot)),
      watched('StorageClass', every, changedIn(stateless)),
      watched('StorageProfile', every, changedIn(profile)),
      watched('KubeVirt', every, changedIn(stateless)),
      ...nodes,
    ],
    reconcile: (key, { signal }) => reconcile(key, { ...pass, signal }),
  });
}

/** What a Wukong has that others may be waiting for. */
function held(one: Wukong): Readonly<Record<string, readonly string[]>> {
  const claims = claimsUsedBy(one).map((name) => `${one.metadata.namespace}/${name}`);
  return { address: addressKeys(one), bridge: bridgeKeys(one), claim: claims };
}

function usersOfBridge(caches: Caches<Kind>): Watched['keys'] {
  return (policy) => {
    const bridge = bridgeOfPolicy(policy);
    return bridge === undefined ? [] : caches.by('Wukong', 'bridge', bridge).map(keyOf);
  };
}

/** Heartbeats and times that nobody reads wake nobody. */
function wish({ metadata }: KubeObject): Json {
  const { labels, annotations, ownerReferences, finalizers, deletionTimestamp } = metadata;
  return { labels, annotations, ownerReferences, finalizers, deletionTimestamp };
}

function stateless({ apiVersion: _, kind: __, metadata, status: ___, ...rest }: KubeObject): Json {
  return { ...rest, ...wish({ apiVersion: '', kind: '', metadata }) };
}

function conditions(status: Json): Json {
  return (status?.conditions ?? []).map((one: Json) => [one.type, one.status, one.reason, one.message]);
}

function machine(one: KubeObject): Json {
  const { printableStatus, snapshotInProgress, restoreInProgress } = one['status'] ?? {};
  return { ...wish(one), spec: one['spec'], printableStatus, snapshotInProgress, restoreInProgress, told: conditions(one['status']) };
}

function instance(one: KubeObject): Json {
  const { phase, nodeName, interfaces, volumeStatus } = one['status'] ?? {};
  return { ...wish(one), spec: one['spec'], phase, nodeName, interfaces, volumeStatus, told: conditions(one['status']) };
}

function storage(one: KubeObject): Json {
  const { phase, progress, capacity, restartCount, allocatedResourceStatuses } = one['status'] ?? {};
  const seen = { phase, progress, capacity, restartCount, allocatedResourceStatuses };
  return { ...wish(one), spec: one['spec'], ...seen, told: conditions(one['status']) };
}

function snapshot(one: KubeObject): Json {
  return { ...wish(one), spec: one['spec'], phase: one['status']?.phase, readyToUse: one['status']?.readyToUse };
}

function profile(one: KubeObject): Json {
  return { ...wish(one), spec: one['spec'], sets: one['status']?.claimPropertySets };
}
