import type { Case } from '../case.ts';
import type { Scene } from '../scene.ts';
import { crashing, creating, initFailing, outOfMemory, sandbox } from '../states.ts';

const multus = {
  container: 'kube-multus',
  labels: { app: 'multus', name: 'multus' },
  limits: { memory: '50Mi' },
} as const;

/** A pod that gets no network, with what the kubelet says of it. */
async function withoutNetwork(scene: Scene, message: string, count = 8): Promise<void> {
  await scene.node();
  const pod = await scene.workload('Deployment', 'default', 'shop');
  await scene.podStatus(pod, creating('shop'));
  await scene.event(pod, 'FailedCreatePodSandBox', message, count);
}

async function multusSays(scene: Scene, text: string): Promise<void> {
  await scene.node();
  const pod = await scene.workload('DaemonSet', 'kube-system', 'kube-multus-ds', multus);
  await scene.podStatus(pod, crashing('kube-multus'));
  scene.says(pod, 'kube-multus', text);
}

const failsWith = (id: number, name: string, message: string): Case => ({
  ids: [id],
  name,
  build: (scene) => withoutNetwork(scene, message),
});
const says = (id: number, name: string, text: string): Case => ({
  ids: [id],
  name,
  build: (scene) => multusSays(scene, text),
});

export const multusCases: readonly Case[] = [
  says(
    17,
    'multus-wrong-directory',
    '2026-11-21T06:00:00Z [error] failed to find the primary CNI plugin: failed to find the cluster master CNI plugin: could not find a plugin configuration in /host/etc/cni/net.d',
  ),
  failsWith(
    18,
    'multus-without-kubeconfig',
    sandbox(
      'Multus: [default/shop/]: failed to get context for the kubeconfig /etc/cni/net.d/multus.d/multus.kubeconfig: stat /etc/cni/net.d/multus.d/multus.kubeconfig: no such file or directory',
    ),
  ),
  says(
    19,
    'multus-path-of-the-machine',
    'failed to start the CNI: cni-conf-dir is not found: stat /host/var/lib/rancher/k3s/agent/var/lib/rancher/k3s/agent/etc/cni/net.d: no such file or directory',
  ),
  says(
    20,
    'multus-without-configuration',
    'failed to load the multus-daemon configuration: open /etc/cni/net.d/multus.d/daemon-config.json: no such file or directory',
  ),
  failsWith(
    21,
    'multus-plugin-gone',
    'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "b1a7": failed to find plugin "multus" in path [/var/lib/rancher/k3s/data/5e4f/bin]',
  ),
  failsWith(
    22,
    'cni-plugin-missing',
    sandbox(
      '[default/shop:lan]: error adding container to network "lan": failed to find plugin "macvlan" in path [/var/lib/rancher/k3s/data/cni]',
    ),
  ),
  {
    ids: [23, 24],
    name: 'multus-daemon-out-of-memory',
    async build(scene) {
      await withoutNetwork(
        scene,
        sandbox(
          'CmdAdd (shim): CNI request failed with status 400: failed to send CNI request: Post "http://dummy/cni": dial unix /run/multus/multus.sock: connect: connection refused',
        ),
      );
      const pod = await scene.workload('DaemonSet', 'kube-system', 'kube-multus-ds', multus);
      await scene.podStatus(pod, outOfMemory('kube-multus'));
    },
  },
  failsWith(
    23,
    'multus-daemon-down',
    sandbox(
      'CmdAdd (shim): failed to send CNI request: Post "http://dummy/cni": dial unix /run/multus/multus.sock: connect: no such file or directory',
    ),
  ),
  {
    ids: [25],
    name: 'multus-plugin-busy',
    async build(scene) {
      await scene.node();
      const pod = await scene.workload('DaemonSet', 'kube-system', 'kube-multus-ds', {
        ...multus,
        init: 'install-multus-binary',
      });
      await scene.podStatus(pod, initFailing('install-multus-binary', 'kube-multus'));
      scene.says(
        pod,
        'install-multus-binary',
        "cp: cannot create regular file '/host/opt/cni/bin/multus-shim': Text file busy",
      );
    },
  },
  failsWith(
    26,
    'stale-sandbox',
    sandbox(
      'Multus: [default/virt-launcher-vm-abcde/1f]: error waiting for pod: pod "virt-launcher-vm-abcde" not found',
    ),
  ),
  says(
    27,
    'multus-without-rights',
    'failed to write the configuration: open /var/lib/rancher/k3s/agent/etc/cni/net.d/00-multus.conf: permission denied',
  ),
  {
    ids: [28],
    name: 'bridge-on-macvlan',
    async build(scene) {
      await scene.node();
      const config = '{"cniVersion":"0.3.1","type":"macvlan","master":"lan0","mode":"bridge"}';
      await scene.make({
        apiVersion: 'k8s.cni.cncf.io/v1',
        kind: 'NetworkAttachmentDefinition',
        metadata: { name: 'lan', namespace: 'default' },
        spec: { config },
      });
      const spec = {
        domain: { devices: { interfaces: [{ name: 'lan', bridge: {} }] } },
        networks: [{ name: 'lan', multus: { networkName: 'lan' } }],
      };
      await scene.make(
        {
          apiVersion: 'kubevirt.io/v1',
          kind: 'VirtualMachineInstance',
          metadata: { name: 'vm', namespace: 'default' },
          spec,
        },
        { phase: 'Running' },
      );
    },
  },
  {
    ids: [29],
    name: 'networks-annotation-by-hand',
    async build(scene) {
      await scene.node();
      const metadata = {
        name: 'vm',
        namespace: 'default',
        annotations: { 'k8s.v1.cni.cncf.io/networks': 'default/lan' },
      };
      await scene.make(
        { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance', metadata, spec: { domain: { devices: {} } } },
        { phase: 'Scheduling' },
      );
    },
  },
  failsWith(
    83,
    'sriov-without-device',
    sandbox(
      '[default/virt-launcher-vm-abcde:sriov]: error adding container to network "sriov": SRIOV-CNI failed to load netconf: LoadConf(): VF pci addr is required',
    ),
  ),
];
