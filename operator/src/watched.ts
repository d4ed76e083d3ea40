import type { CacheQuery, Caches } from '#kube/caches';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong } from './api/wukong.ts';
import { secretNames } from './controllers/wukong/cloud-init/plan-cloud-init.ts';
import { claimsUsedBy } from './controllers/wukong/disks/keys.ts';
import { addressKeys, bridgeKeys, nadKeys } from './controllers/wukong/networks/keys.ts';
import { type Kind, kinds, type Sight } from './controllers/wukong/sight.ts';

type Indexes = Readonly<Record<string, (object: KubeObject) => readonly string[]>>;

/** Kinds that only a node's network is changed with. */
const ofNodes: readonly Kind[] = ['NodeNetworkConfigurationPolicy', 'NodeNetworkState', 'Node'];
/** What is looked for in the whole cluster, whatever the namespaces are; the KubeVirt has one of its own. */
const clusterScoped = new Set<Kind>([
  'KubeVirt',
  'StorageClass',
  'StorageProfile',
  'NodeNetworkConfigurationPolicy',
  'NodeNetworkState',
  'Node',
]);

/** By which Wukong something says that it was made for. */
const byWukong: Indexes = {
  wukong: ({ metadata }) => {
    const name = metadata.labels?.['vm.novasphere.dev/wukong'];
    return name === undefined ? [] : [`${metadata.namespace}/${name}`];
  },
};

/** What a Wukong has that another one may want, or that somebody else may change. */
const ofWukongs: Indexes = {
  address: (one) => addressKeys(one as Wukong),
  bridge: (one) => bridgeKeys(one as Wukong),
  nad: (one) => nadKeys(one as Wukong),
  claim: (one) => claimsUsedBy(one as Wukong).map((name) => `${one.metadata.namespace}/${name}`),
  secret: (one) => secretNames(one as Wukong).map((name) => `${one.metadata.namespace}/${name}`),
};

const indexes: Partial<Readonly<Record<Kind, Indexes>>> = {
  Wukong: ofWukongs,
  WukongSnapshot: { wukong: (one) => [`${one.metadata.namespace}/${one['spec']?.wukongName}`] },
  PersistentVolumeClaim: byWukong,
  DataVolume: byWukong,
  NetworkAttachmentDefinition: byWukong,
  VirtualMachineRestore: byWukong,
};

/** What is read of the kinds that say a lot more than that. */
const kept: Partial<Readonly<Record<Kind, (object: KubeObject) => Json>>> = {
  Node: ({ status }) => ({ status: { addresses: status?.addresses } }),
  KubeVirt: ({ spec }) => ({ spec: { configuration: spec?.configuration } }),
};

/** What is kept a copy of, and how it is found. */
export function watched(nmstate: boolean): Readonly<Record<Kind, CacheQuery>> {
  const entries = Object.entries(kinds) as [Kind, string][];
  const wanted = entries.filter(([kind]) => nmstate || !ofNodes.includes(kind));
  return Object.fromEntries(wanted.map(([kind, apiVersion]) => [kind, queryOf(kind, apiVersion)])) as Record<
    Kind,
    CacheQuery
  >;
}

/** The copies as a pass reads them; of what is not watched there is nothing. */
export function sightOf(caches: Caches<Kind>, nmstate: boolean): Sight {
  const isWatched = (kind: Kind) => nmstate || !ofNodes.includes(kind);
  return {
    get: (kind, namespace, name) => (isWatched(kind) ? caches.get(kind, namespace, name) : undefined),
    all: (kind) => (isWatched(kind) ? caches.all(kind) : []),
    by: (kind, index, value) => (isWatched(kind) ? caches.by(kind, index, value) : []),
    serves: (kind) => isWatched(kind) && caches.serves(kind),
  };
}

function queryOf(kind: Kind, apiVersion: string): CacheQuery {
  const index = indexes[kind];
  const keep = kept[kind];
  return {
    apiVersion,
    kind,
    clusterScoped: clusterScoped.has(kind),
    metadataOnly: kind === 'Secret',
    ...(index === undefined ? {} : { indexes: index }),
    ...(keep === undefined
      ? {}
      : { transform: (one: KubeObject) => ({ apiVersion, kind, metadata: one.metadata, ...keep(one) }) }),
  };
}
