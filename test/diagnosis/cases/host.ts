import type { Case } from '../case.ts';
import { crashing, creating, waiting } from '../states.ts';

const lost =
  'Get "https://quay.io/v2/": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2019-01-01T00:00:00Z is before 2026-11-20T00:00:00Z';

export const hostCases: readonly Case[] = [
  {
    ids: [3],
    name: 'node-password-rejected',
    async build(scene) {
      const node = await scene.node();
      const said =
        'Deferred node password secret validation failed: unable to verify password for node node-a: hash does not match';
      await scene.event(node, 'NodePasswordValidationFailed', said);
    },
  },
  {
    ids: [5],
    name: 'pause-image-missing',
    async build(scene) {
      await scene.node();
      const pod = await scene.workload('Deployment', 'kube-system', 'coredns', { labels: { 'k8s-app': 'kube-dns' } });
      await scene.podStatus(pod, creating('coredns'));
      await scene.event(
        pod,
        'FailedCreatePodSandBox',
        'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to start sandbox "1f0": failed to get sandbox image "rancher/mirrored-pause:3.6": failed to pull image "rancher/mirrored-pause:3.6": failed to pull and unpack image "docker.io/rancher/mirrored-pause:3.6": failed to resolve reference "docker.io/rancher/mirrored-pause:3.6": failed to do request: Head "https://registry-1.docker.io/v2/rancher/mirrored-pause/manifests/3.6": dial tcp 54.1.2.3:443: i/o timeout',
        14,
      );
    },
  },
  {
    ids: [6],
    name: 'registry-refuses',
    async build(scene) {
      await scene.node();
      const image = 'quay.io/kubevirt/cdi-apiserver:v1.65.0';
      const pod = await scene.workload('Deployment', 'cdi', 'cdi-apiserver', { image });
      await scene.podStatus(pod, waiting('cdi-apiserver', 'ImagePullBackOff', `Back-off pulling image "${image}"`));
      await scene.event(
        pod,
        'Failed',
        `Failed to pull image "${image}": failed to pull and unpack image "${image}": failed to resolve reference "${image}": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
        5,
      );
    },
  },
  {
    ids: [7],
    name: 'disk-full-takes-images',
    async build(scene) {
      const node = await scene.node('node-a', [
        ['DiskPressure', 'True', 'KubeletHasDiskPressure', 'kubelet has disk pressure'],
      ]);
      const said =
        'Failed to garbage collect required amount of images. Attempted to free 8123456789 bytes, but only found 0 bytes eligible to free.';
      await scene.event(node, 'FreeDiskSpaceFailed', said, 9);
      const image = 'quay.io/kubevirt/virt-api:v1.8.4';
      const pod = await scene.workload('Deployment', 'kubevirt', 'virt-api', { image });
      await scene.podStatus(
        pod,
        waiting('virt-api', 'ErrImageNeverPull', `Container image "${image}" is not present with pull policy of Never`),
      );
    },
  },
  {
    ids: [8],
    name: 'coredns-without-upstream',
    async build(scene) {
      await scene.node();
      const pod = await scene.workload('Deployment', 'kube-system', 'coredns', { labels: { 'k8s-app': 'kube-dns' } });
      await scene.podStatus(pod, crashing('coredns'));
      scene.says(
        pod,
        'coredns',
        '[FATAL] plugin/loop: Loop (127.0.0.1:55953 -> :53) detected for zone ".", see https://coredns.io/plugins/loop#troubleshooting. Query: "HINFO 123."',
      );
    },
  },
  {
    ids: [9],
    name: 'no-default-route',
    async build(scene) {
      await scene.node('node-a', [
        [
          'Ready',
          'False',
          'KubeletNotReady',
          'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
        ],
      ]);
      await scene.workload('Deployment', 'kube-system', 'coredns', { labels: { 'k8s-app': 'kube-dns' } });
    },
  },
  {
    ids: [],
    name: 'kubelet-silent',
    async build(scene) {
      await scene.node('node-a', [['Ready', 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.']]);
      await scene.workload('Deployment', 'default', 'shop');
    },
  },
  {
    ids: [14],
    name: 'clock-wrong',
    async build(scene) {
      await scene.node();
      const pod = await scene.workload('Deployment', 'cert-manager', 'cert-manager');
      await scene.podStatus(pod, crashing('cert-manager'));
      scene.says(
        pod,
        'cert-manager',
        `E1121 06:00:00.000000       1 leaderelection.go:332] error retrieving resource lock: ${lost}`,
      );
    },
  },
  {
    ids: [15],
    name: 'too-many-open-files',
    async build(scene) {
      await scene.node();
      const pod = await scene.workload('Deployment', 'default', 'shop');
      await scene.podStatus(pod, crashing('shop'));
      scene.says(pod, 'shop', 'starting\nfailed to create fsnotify watcher: too many open files');
    },
  },
  {
    ids: [],
    name: 'image-missing',
    async build(scene) {
      await scene.node();
      const image = 'quay.io/kubevirt/virt-handler:v1.8.4';
      const pod = await scene.workload('DaemonSet', 'kubevirt', 'virt-handler', {
        image,
        labels: { 'kubevirt.io': 'virt-handler' },
      });
      const said = `failed to pull and unpack image "${image}": failed to resolve reference "${image}": failed to do request: Head "https://quay.io/v2/kubevirt/virt-handler/manifests/v1.8.4": dial tcp: lookup quay.io: i/o timeout`;
      await scene.podStatus(pod, waiting('virt-handler', 'ErrImagePull', said));
    },
  },
  {
    ids: [],
    name: 'no-known-signature',
    async build(scene) {
      await scene.node();
      const pod = await scene.workload('Deployment', 'default', 'shop');
      await scene.podStatus(pod, crashing('shop', 3, { exitCode: 2 }));
      scene.says(pod, 'shop', 'reading /etc/shop.conf\npanic: the moon is in the wrong phase');
      await scene.event(pod, 'BackOff', 'Back-off restarting failed container shop in pod shop', 12);
    },
  },
];
