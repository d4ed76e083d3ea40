import type { Case } from '../case.ts';
import { crashing, creating, outOfMemory, sandbox } from '../states.ts';
import { claim, storageClass } from './storage-objects.ts';

const shim = sandbox(
  'CmdAdd (shim): CNI request failed with status 400: failed to send CNI request: Post "http://dummy/cni": dial unix /run/multus/multus.sock: connect: connection refused',
);
const inaccessible =
  'time="2026-11-21T06:00:00Z" level=fatal msg="Error starting webhooks: admission webhook service is not accessible on cluster after 2m0s sec: timed out waiting for endpoint https://longhorn-admission-webhook.longhorn-system.svc:9502/v1/healthz to be available"';

export const cascadeCases: readonly Case[] = [
  {
    ids: [24, 23, 31],
    name: 'cascade-multus-coredns-longhorn-pvc',
    async build(scene) {
      await scene.node();
      const multus = await scene.workload('DaemonSet', 'kube-system', 'kube-multus-ds', {
        container: 'kube-multus',
        labels: { app: 'multus', name: 'multus' },
        limits: { memory: '50Mi' },
      });
      await scene.podStatus(multus, outOfMemory('kube-multus'));
      const dns = await scene.workload('Deployment', 'kube-system', 'coredns', { labels: { 'k8s-app': 'kube-dns' } });
      await scene.podStatus(dns, creating('coredns'));
      await scene.event(dns, 'FailedCreatePodSandBox', shim, 31);
      const manager = await scene.workload('DaemonSet', 'longhorn-system', 'longhorn-manager', {
        labels: { app: 'longhorn-manager' },
      });
      await scene.podStatus(manager, crashing('longhorn-manager', 6));
      scene.says(manager, 'longhorn-manager', inaccessible);
      await storageClass(scene);
      const data = await claim(scene, 'data');
      await scene.event(
        data,
        'ProvisioningFailed',
        'failed to provision volume with StorageClass "longhorn": error generating accessibility requirements: no available topology found',
      );
    },
  },
  {
    ids: [],
    name: 'two-things-by-themselves',
    async build(scene) {
      await scene.node();
      await scene.node('node-b', [
        [
          'Ready',
          'False',
          'KubeletNotReady',
          'PLEG is not healthy: pleg was last seen active 3m12s ago; threshold is 3m0s',
        ],
      ]);
      await scene.workload('Deployment', 'default', 'till', { node: 'node-b' });
      const shop = await scene.workload('Deployment', 'default', 'shop');
      await scene.podStatus(shop, crashing('shop'));
      scene.says(shop, 'shop', 'connect to database: password authentication failed for user shop');
    },
  },
  {
    ids: [],
    name: 'more-than-fit-on-a-line',
    async build(scene) {
      await scene.node('node-a', [['Ready', 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.']]);
      for (const name of ['books', 'desk', 'gate', 'mill', 'pump', 'shop', 'till', 'yard'])
        await scene.workload('Deployment', 'default', name);
    },
  },
];
