import type { ComponentName } from '#catalog/catalog';
import type { Installed, Versions } from '#catalog/skew';
import { compareVersions, versionOf } from '#catalog/version';
import type { Json } from '#kube/json';
import type { ClusterSight, ObjectRef } from '#ports/cluster';

type Asked = (cluster: ClusterSight) => Promise<string | undefined>;

/** What each component says of itself; what is placed for it is only asked where it says nothing. */
const sayings: Readonly<Partial<Record<ComponentName, readonly Asked[]>>> = {
  snapshotter: [imageOf('Deployment', 'kube-system', 'snapshot-controller')],
  longhorn: [currentLonghorn, imageOf('DaemonSet', 'longhorn-system', 'longhorn-manager')],
  multus: [imageOf('DaemonSet', 'kube-system', 'kube-multus-ds')],
  nmstate: [imageOf('Deployment', 'nmstate', 'nmstate-operator')],
  kubevirt: [
    statusOf(
      { apiVersion: 'kubevirt.io/v1', kind: 'KubeVirt', namespace: 'kubevirt', name: 'kubevirt' },
      'observedKubeVirtVersion',
    ),
    imageOf('Deployment', 'kubevirt', 'virt-operator'),
  ],
  cdi: [
    statusOf({ apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'CDI', name: 'cdi' }, 'observedVersion'),
    imageOf('Deployment', 'cdi', 'cdi-operator'),
  ],
  'cert-manager': [imageOf('Deployment', 'cert-manager', 'cert-manager')],
  operator: [imageOf('Deployment', 'novasphere-system', 'wukong-operator')],
};

/** The versions that a cluster has now. Looks, never writes; throws CLUSTER-UNREACHABLE when nobody answers. */
export async function installedIn(cluster: ClusterSight): Promise<Installed> {
  const nodes = await nodeVersions(cluster);
  const told = Object.values(nodes).filter((one) => versionOf(one) !== undefined);
  const kubernetes = oldest(told) ?? (await serverVersion(cluster));
  const k3s = Object.fromEntries(Object.entries(nodes).filter(([, version]) => /^v\d+\.\d+\.\d+[-+]k3s/.test(version)));
  const asked = Object.entries(sayings).map(async ([name, ways]) => [name, await firstTold(ways, cluster)] as const);
  const versions: Versions = Object.fromEntries(
    (await Promise.all(asked)).filter(([, version]) => version !== undefined),
  );
  const own = oldest(Object.values(k3s));
  return {
    versions: own === undefined ? versions : { k3s: own, ...versions },
    ...(kubernetes === undefined ? {} : { kubernetes }),
    nodes: k3s,
  };
}

async function firstTold(ways: readonly Asked[], cluster: ClusterSight): Promise<string | undefined> {
  for (const way of ways) {
    const version = await way(cluster);
    if (versionOf(version) !== undefined) return version;
  }
  return undefined;
}

async function nodeVersions(cluster: ClusterSight): Promise<Readonly<Record<string, string>>> {
  const nodes: readonly Json[] = await cluster.list({ apiVersion: 'v1', kind: 'Node' });
  return Object.fromEntries(
    nodes.map(({ metadata, status }) => [metadata.name, status?.nodeInfo?.kubeletVersion ?? '']),
  );
}

async function serverVersion(cluster: ClusterSight): Promise<string | undefined> {
  const { status, text } = await cluster.fetch('/version');
  const [, version] = /"gitVersion":\s*"([^"]+)"/.exec(text) ?? [];
  return status === 200 && versionOf(version) !== undefined ? version : undefined;
}

/** Longhorn's manager writes it down once it has taken over what it found. */
async function currentLonghorn(cluster: ClusterSight): Promise<string | undefined> {
  const name = 'current-longhorn-version';
  const ref = { apiVersion: 'longhorn.io/v1beta2', kind: 'Setting', namespace: 'longhorn-system', name };
  return ((await cluster.get(ref)) as Json)?.value;
}

function statusOf(ref: ObjectRef, field: string): Asked {
  return async (cluster) => ((await cluster.get(ref)) as Json)?.status?.[field];
}

/** The tag of the first container's image. */
function imageOf(kind: 'Deployment' | 'DaemonSet', namespace: string, name: string): Asked {
  return async (cluster) => {
    const live: Json = await cluster.get({ apiVersion: 'apps/v1', kind, namespace, name });
    const image: string | undefined = live?.spec?.template?.spec?.containers?.[0]?.image;
    return image?.split('@')[0]?.split('/').at(-1)?.split(':')[1];
  };
}

function oldest(versions: readonly string[]): string | undefined {
  return versions.toSorted(compareVersions)[0];
}
