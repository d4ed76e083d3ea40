import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { environment } from '../node/program.ts';
import { renewed } from '../renewed.ts';
import { DRIVER, NAMESPACE } from './names.ts';

/** The sidecars that the driver deployer makes, with the variables that name their image and their number. */
const SIDECARS = ['attacher', 'provisioner', 'resizer', 'snapshotter'] as const;
const USUAL_REPLICAS = 3;

/** Everything that the driver deployer makes from its own environment. */
export async function deployDriver(stage: Stage, deployer: KubeObject): Promise<void> {
  const container = deployer['spec'].containers[0];
  const priority: string | undefined = deployer['spec'].priorityClassName;
  await stage.api.ensure({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name: DRIVER, annotations: { 'driver.longhorn.io/kubernetes-version': 'v1.35.8+k3s1' } },
    spec: {
      attachRequired: true,
      podInfoOnMount: true,
      fsGroupPolicy: 'ReadWriteOnceWithFSType',
      volumeLifecycleModes: ['Persistent'],
    },
  });
  for (const part of SIDECARS) await renewed(stage, sidecar(part, container, priority));
  await renewed(stage, plugin(container, priority));
}

function sidecar(part: (typeof SIDECARS)[number], deployer: Json, priorityClassName: string | undefined): KubeObject {
  const name = `csi-${part}`;
  const variable = part.toUpperCase();
  const labels = { app: name };
  const image = imageFrom(deployer, `CSI_${variable}_IMAGE`);
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE, labels: { ...labels, 'longhorn.io/managed-by': 'longhorn-manager' } },
    spec: {
      replicas: Number(environment(deployer, `CSI_${variable}_REPLICA_COUNT`) ?? USUAL_REPLICAS),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: 'longhorn-service-account',
          priorityClassName,
          containers: [{ name, image, imagePullPolicy: 'IfNotPresent' }],
        },
      },
    },
  };
}

function plugin(deployer: Json, priorityClassName: string | undefined): KubeObject {
  const name = 'longhorn-csi-plugin';
  const labels = { app: name };
  const manager: string = deployer.image;
  const containers = [
    { name: 'node-driver-registrar', image: imageFrom(deployer, 'CSI_NODE_DRIVER_REGISTRAR_IMAGE') },
    { name: 'longhorn-liveness-probe', image: imageFrom(deployer, 'CSI_LIVENESS_PROBE_IMAGE') },
    { name, image: manager, command: ['longhorn-manager', '-d', 'csi'], securityContext: { privileged: true } },
  ].map((one) => ({ imagePullPolicy: 'IfNotPresent', ...one }));
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name, namespace: NAMESPACE, labels: { ...labels, 'longhorn.io/managed-by': 'longhorn-manager' } },
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'RollingUpdate' },
      template: {
        metadata: { labels },
        spec: { serviceAccountName: 'longhorn-service-account', priorityClassName, containers },
      },
    },
  };
}

function imageFrom(deployer: Json, variable: string): string {
  const image = environment(deployer, variable);
  if (image === undefined) throw new Error(`the longhorn-driver-deployer has no ${variable}`);
  return image;
}

/** The registrar's part: the kubelet lists the driver in its CSINode once the plugin runs there. */
export async function registerNode(stage: Stage, node: string): Promise<void> {
  if (stage.bench.troubles.has('longhorn-unregistered', node)) return;
  const path = `${kindPath('storage.k8s.io/v1', 'CSINode')}/${node}`;
  const there = (await stage.api.get(path)) ?? (await stage.api.ensure(await emptyNode(stage, node)));
  const drivers: Json[] = there['spec']?.drivers ?? [];
  if (drivers.some((one) => one.name === DRIVER)) return;
  await stage.pause(3);
  const own = { name: DRIVER, nodeID: node, topologyKeys: ['kubernetes.io/hostname'] };
  await stage.api.patch(pathOf(there), { spec: { drivers: [...drivers, own] } });
}

async function emptyNode(stage: Stage, name: string): Promise<KubeObject> {
  const node = await stage.api.get(`/api/v1/nodes/${name}`);
  const owner = { apiVersion: 'v1', kind: 'Node', name, uid: node?.metadata.uid ?? '' };
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name, ownerReferences: [owner] },
    spec: { drivers: [] },
  };
}
