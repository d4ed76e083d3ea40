import type { Json } from '#kube/json';
import type { Case } from '../case.ts';
import type { Scene } from '../scene.ts';
import { crashing, creating, ended, initRunning, running } from '../states.ts';
import { claim, storageClass } from './storage-objects.ts';

export const namespace = 'longhorn-system';
export const manager = { container: 'longhorn-manager', labels: { app: 'longhorn-manager' } } as const;
export const logrus = (level: string, text: string) =>
  `time="2026-11-21T06:00:00Z" level=${level} msg=${JSON.stringify(text)} func=main.main`;

/** longhorn-manager ends again and again, with these last words. */
async function managerSays(scene: Scene, text: string): Promise<void> {
  await scene.node();
  const pod = await scene.workload('DaemonSet', namespace, 'longhorn-manager', manager);
  await scene.podStatus(pod, crashing('longhorn-manager'));
  scene.says(pod, 'longhorn-manager', logrus('fatal', text));
}

const attachFails = (id: number, name: string, reason: string, message: string, said?: string): Case => ({
  ids: [id],
  name,
  async build(scene) {
    await scene.node();
    const pod = await scene.workload('Deployment', 'default', 'shop');
    await scene.podStatus(pod, creating('shop'));
    await scene.event(pod, reason, message, 6);
    if (said === undefined) return;
    const one = await scene.pod(
      namespace,
      'instance-manager-5e1f',
      { container: 'instance-manager', labels: { 'longhorn.io/component': 'instance-manager' } },
      running('instance-manager'),
    );
    scene.says(one, 'instance-manager', said);
  },
});

export const longhornCases: readonly Case[] = [
  {
    ids: [30],
    name: 'open-iscsi-missing',
    build: (scene) =>
      managerSays(
        scene,
        'Error starting manager: failed to check environment, please make sure you have iscsiadm/open-iscsi installed on the host: failed to execute: /usr/bin/nsenter, exit status 127',
      ),
  },
  {
    ids: [31],
    name: 'longhorn-webhook-unreachable',
    build: (scene) =>
      managerSays(
        scene,
        'Error starting webhooks: admission webhook service is not accessible on cluster after 2m0s sec: timed out waiting for endpoint https://longhorn-admission-webhook.longhorn-system.svc:9502/v1/healthz to be available',
      ),
  },
  {
    ids: [32],
    name: 'longhorn-driver-waits-for-manager',
    async build(scene) {
      await managerSays(
        scene,
        'Error starting manager: failed to check environment, please make sure you have iscsiadm/open-iscsi installed on the host',
      );
      const pod = await scene.workload('Deployment', namespace, 'longhorn-driver-deployer', {
        init: 'wait-longhorn-manager',
      });
      await scene.podStatus(pod, initRunning('wait-longhorn-manager', 'longhorn-driver-deployer'));
    },
  },
  {
    ids: [33],
    name: 'longhorn-backend-by-dead-dns',
    async build(scene) {
      await scene.node();
      const dns = await scene.workload('Deployment', 'kube-system', 'coredns', { labels: { 'k8s-app': 'kube-dns' } });
      await scene.podStatus(dns, crashing('coredns'));
      scene.says(dns, 'coredns', 'plugin/forward: no valid upstream addresses found');
      const pod = await scene.workload('DaemonSet', namespace, 'longhorn-csi-plugin');
      await scene.podStatus(pod, crashing('longhorn-csi-plugin'));
      scene.says(
        pod,
        'longhorn-csi-plugin',
        logrus(
          'fatal',
          'Error starting CSI manager: failed to initialize Longhorn API client: Get "http://longhorn-backend:9500/v1": dial tcp: lookup longhorn-backend on 10.43.0.10:53: server misbehaving',
        ),
      );
    },
  },
  {
    ids: [34],
    name: 'kubelet-directory-not-found',
    async build(scene) {
      await scene.node();
      const pod = await scene.workload('Deployment', namespace, 'longhorn-driver-deployer');
      await scene.podStatus(pod, crashing('longhorn-driver-deployer'));
      scene.says(
        pod,
        'longhorn-driver-deployer',
        logrus(
          'fatal',
          'Error deploying driver: failed to get arg root-dir. Need to specify "--kubelet-root-dir" in your Longhorn deployment yaml.: failed to get kubelet root dir, no related proc for root-dir detection, error out',
        ),
      );
    },
  },
  attachFails(
    40,
    'multipath-holds-the-volume',
    'FailedMount',
    'MountVolume.MountDevice failed for volume "pvc-1" : rpc error: code = Internal desc = mount failed: exit status 32 Mounting command: mount Output: mount: /var/lib/kubelet/plugins/globalmount: /dev/longhorn/pvc-1 already mounted or mount point busy.',
  ),
  attachFails(
    41,
    'stale-iscsi-records',
    'FailedAttachVolume',
    'AttachVolume.Attach failed for volume "pvc-1" : rpc error: code = DeadlineExceeded desc = volume pvc-1 failed to attach to node node-a',
    'iscsiadm: cannot make connection to 10.42.7.9: No route to host',
  ),
  {
    ids: [43],
    name: 'longhorn-minor-skipped',
    build: (scene) =>
      managerSays(
        scene,
        'Error starting manager: failed checking Longhorn upgrade path: failed to upgrade since upgrading from v1.10.2 to v1.12.1 for minor version is not supported',
      ),
  },
  {
    ids: [45],
    name: 'longhorn-protects-its-data',
    async build(scene) {
      await scene.node();
      await scene.account(namespace);
      const spec = {
        backoffLimit: 0,
        template: {
          spec: {
            nodeName: 'node-a',
            restartPolicy: 'Never',
            containers: [{ name: 'longhorn-uninstall', image: 'longhornio/longhorn-manager:v1.12.1' }],
          },
        },
      };
      await scene.make({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'longhorn-uninstall', namespace },
        spec,
      });
      const pod = await scene.until(
        async () => (await scene.bed.client.list({ apiVersion: 'v1', kind: 'Pod', namespace })).items[0],
      );
      scene.says(
        pod,
        'longhorn-uninstall',
        logrus(
          'fatal',
          'Error uninstalling: cannot uninstall Longhorn because deleting-confirmation-flag is set to `false`. Please set it to `true` to continue',
        ),
      );
      await scene.podStatus(pod, ended('longhorn-uninstall', 1));
      await scene.until(async () => {
        const job = (await scene.bed.client.get({
          apiVersion: 'batch/v1',
          kind: 'Job',
          namespace,
          name: 'longhorn-uninstall',
        })) as Json;
        return job?.status?.conditions?.some((one: Json) => one.type === 'Failed') ? true : undefined;
      });
    },
  },
  {
    ids: [46],
    name: 'longhorn-half-removed',
    async build(scene) {
      const webhook = {
        name: 'validator.longhorn.io',
        clientConfig: {
          service: { namespace, name: 'longhorn-admission-webhook', path: '/v1/webhook/validation', port: 9502 },
        },
        rules: [
          {
            apiGroups: ['longhorn.io'],
            apiVersions: ['v1beta2'],
            operations: ['CREATE'],
            resources: ['recurringjobs'],
          },
        ],
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      };
      await scene.make({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'longhorn-webhook-validator' },
        webhooks: [webhook],
      });
      await scene.make({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'MutatingWebhookConfiguration',
        metadata: { name: 'longhorn-webhook-mutator' },
        webhooks: [{ ...webhook, name: 'mutator.longhorn.io' }],
      });
    },
  },
  {
    ids: [47],
    name: 'engine-image-not-deployed',
    async build(scene) {
      await storageClass(scene);
      const data = await claim(scene, 'data');
      await scene.event(
        data,
        'ProvisioningFailed',
        'failed to provision volume with StorageClass "longhorn": rpc error: code = Internal desc = Bad response statusCode [500]. Message=[can not create volume with current engine image that doesn\'t support disable revision counter]',
        4,
      );
    },
  },
];
