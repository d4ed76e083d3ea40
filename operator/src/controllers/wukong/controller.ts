import type { Caches } from '#kube/caches';
import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../api/wukong.ts';
import { Controller, type ControllerOptions, type Watched } from '../../runtime/controller.ts';
import { changedIn, type Matters, wishChanged } from '../../runtime/filters.ts';
import { claimsUsedBy } from './disks/keys.ts';
import { everyKey, keyOf, namedKeys, parentKeys, wukongKeys } from './keys.ts';
import { addressKeys, bridgeKeys } from './networks/keys.ts';
import { bridgeOfPolicy } from './networks/policy-removal.ts';
import type { Pass } from './pass.ts';
import { instance, machine, profile, snapshot, stateless, storage } from './projections.ts';
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
  const { watched, every, ...sources } = sourcesOf(caches);
  return new Controller({
    ...options,
    name: 'wukong',
    synced: caches.synced,
    about: watched('Wukong', (one) => wukongKeys(caches, held(one as Wukong), one), wishChanged),
    also: [...sources.made, ...sources.named, ...everybodys(watched, every), ...(nmstate ? sources.ofNodes : [])],
    reconcile: (key, { signal }) => reconcile(key, { ...pass, signal }),
  });
}

type Watching = (kind: Kind, keys: Watched['keys'], matters?: Matters) => Watched;

function sourcesOf(caches: Caches<Kind>) {
  const watched: Watching = (kind, keys, matters) => ({
    source: { all: () => caches.all(kind), onChange: (handlers) => caches.onChange(kind, handlers) },
    keys,
    ...(matters === undefined ? {} : { matters }),
  });
  const every = () => everyKey(caches, 'Wukong');
  const named = (index: string) => (one: KubeObject) => namedKeys(caches, index, one);
  return {
    watched,
    every,
    /** What was made for a Wukong. */
    made: [
      watched('VirtualMachine', parentKeys, changedIn(machine)),
      watched('VirtualMachineInstance', parentKeys, changedIn(instance)),
      watched('DataVolume', parentKeys, changedIn(storage)),
      watched('VirtualMachineRestore', parentKeys),
    ],
    /** What was made for a Wukong, or is named by it. */
    named: [
      watched('PersistentVolumeClaim', named('claim'), changedIn(storage)),
      watched('NetworkAttachmentDefinition', named('nad'), changedIn(stateless)),
      watched('Secret', named('secret')),
      watched('WukongSnapshot', wukongOf, changedIn(snapshot)),
    ],
    ofNodes: [
      watched('NodeNetworkConfigurationPolicy', usersOfBridge(caches)),
      watched('NodeNetworkState', every, changedIn(stateless)),
      watched('Node', every, changedIn(stateless)),
    ],
  };
}

/** What any Wukong may depend on. */
function everybodys(watched: Watching, every: Watched['keys']): readonly Watched[] {
  return [
    watched('StorageClass', every, changedIn(stateless)),
    watched('StorageProfile', every, changedIn(profile)),
    watched('KubeVirt', every, changedIn(stateless)),
  ];
}

function wukongOf({ metadata, spec }: KubeObject): readonly string[] {
  return [`${metadata.namespace}/${spec?.wukongName}`];
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
