import type { ComponentName } from '#catalog/catalog';
import type { Json } from '#kube/json';
import type { ClusterSight, KubeObject } from '#ports/cluster';
import { allOf, definitionsOf, plainKinds } from './kinds.ts';

/** By what the pieces of a component are known, whoever made them: we, its operator, or an earlier release. */
export interface Parts {
  readonly component: ComponentName;
  readonly namespaces: readonly string[];
  /** Groups of its kinds. */
  readonly isGroup: (group: string) => boolean;
  /** Labels with which its operator marks what it makes. */
  readonly marks?: readonly string[];
}

const under = (suffix: string) => (group: string) => group === suffix || group.endsWith(`.${suffix}`);
const ofCdi = under('cdi.kubevirt.io');

export const parts = {
  operator: { component: 'operator', namespaces: [], isGroup: under('vm.novasphere.dev') },
  cdi: {
    component: 'cdi',
    namespaces: ['cdi'],
    isGroup: ofCdi,
    marks: ['operator.cdi.kubevirt.io/createVersion'],
  },
  kubevirt: {
    component: 'kubevirt',
    namespaces: ['kubevirt'],
    isGroup: (group) => under('kubevirt.io')(group) && !ofCdi(group),
    marks: ['app.kubernetes.io/managed-by=virt-operator'],
  },
  longhorn: { component: 'longhorn', namespaces: ['longhorn-system'], isGroup: under('longhorn.io') },
  snapshotter: {
    component: 'snapshotter',
    namespaces: [],
    isGroup: (group) => ['snapshot.storage.k8s.io', 'groupsnapshot.storage.k8s.io'].includes(group),
  },
  nmstate: {
    component: 'nmstate',
    namespaces: ['nmstate'],
    isGroup: under('nmstate.io'),
    marks: ['app=kubernetes-nmstate'],
  },
  certManager: { component: 'cert-manager', namespaces: ['cert-manager'], isGroup: under('cert-manager.io') },
  multus: { component: 'multus', namespaces: [], isGroup: (group) => group === 'k8s.cni.cncf.io' },
} as const satisfies Record<string, Parts>;

/** Namespaces that only the platform uses. */
export const platformNamespaces: readonly string[] = [
  ...Object.values(parts).flatMap(({ namespaces }: Parts) => namespaces),
  'novasphere-system',
  'novasphere-verify',
];

/** What is left of a component, in groups that go one after the other: its doors, its workers, its kinds, its namespace. */
export async function groupsOf(cluster: ClusterSight, wanted: Parts): Promise<readonly (readonly KubeObject[])[]> {
  const labels = [`novasphere.dev/component=${wanted.component}`, ...(wanted.marks ?? [])];
  const found = (await Promise.all(labels.map((label) => allOf(cluster, plainKinds, label)))).flat();
  const doors = await doorsTo(cluster, wanted);
  const plain = unique([...doors, ...found]);
  const isDoor = ({ kind }: KubeObject) => /WebhookConfiguration|AdmissionPolicy|APIService/.test(kind);
  const isWorker = ({ kind }: KubeObject) => /^(Deployment|DaemonSet|Job)$/.test(kind);
  return [
    plain.filter(isDoor),
    plain.filter(isWorker),
    plain.filter((one) => !isDoor(one) && !isWorker(one)),
    await definitionsOf(cluster, wanted.isGroup),
    await namespacesOf(cluster, wanted),
  ];
}

/** Webhooks and APIs that lead into a namespace of the component: without anybody behind them they keep others from going. */
async function doorsTo(cluster: ClusterSight, { namespaces, isGroup }: Parts): Promise<readonly KubeObject[]> {
  const doors: readonly Json[] = await allOf(cluster, plainKinds.slice(0, 5));
  const leads = ({ spec, webhooks = [] }: Json) =>
    namespaces.includes(spec?.service?.namespace) ||
    webhooks.some((one: Json) => namespaces.includes(one.clientConfig?.service?.namespace)) ||
    (spec?.service !== undefined && isGroup(spec.group ?? ''));
  return doors.filter(leads);
}

async function namespacesOf(cluster: ClusterSight, { namespaces }: Parts): Promise<readonly KubeObject[]> {
  const found = await Promise.all(namespaces.map((name) => cluster.get({ apiVersion: 'v1', kind: 'Namespace', name })));
  return found.filter((one) => one !== undefined);
}

function unique(objects: readonly KubeObject[]): readonly KubeObject[] {
  return [...new Map(objects.map((one) => [one.metadata.uid ?? JSON.stringify(one.metadata), one])).values()];
}
