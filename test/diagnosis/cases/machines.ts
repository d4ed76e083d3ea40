import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Case } from '../case.ts';
import type { Scene } from '../scene.ts';
import { crashing, running, unready, unschedulable, waiting } from '../states.ts';
import { handler } from './kubevirt.ts';

const apiVersion = 'kubevirt.io/v1';

/** The instance of a machine, and the pod that is to run it. */
async function instance(scene: Scene, phase: string, status: Json = {}): Promise<KubeObject> {
  const spec = { domain: { devices: {} } };
  return scene.make(
    { apiVersion, kind: 'VirtualMachineInstance', metadata: { name: 'vm', namespace: 'default' }, spec },
    { phase, ...status },
  );
}

const launcher = {
  container: 'compute',
  labels: { 'kubevirt.io': 'virt-launcher', 'vm.kubevirt.io/name': 'vm' },
} as const;

async function unscheduledMachine(scene: Scene, message: string): Promise<void> {
  await instance(scene, 'Scheduling');
  await scene.pod(
    'default',
    'virt-launcher-vm-7k2xp',
    { ...launcher, spec: { schedulerName: 'nobody' } },
    unschedulable(message),
  );
}

/** A machine that KubeVirt says is not running, in one word. */
async function machine(scene: Scene, printableStatus: string, volumes: readonly Json[] = []): Promise<void> {
  const spec = { runStrategy: 'Always', template: { spec: { domain: { devices: {} }, volumes } } };
  await scene.make(
    { apiVersion, kind: 'VirtualMachine', metadata: { name: 'vm', namespace: 'default' }, spec },
    { printableStatus },
  );
}

export const machineCases: readonly Case[] = [
  {
    ids: [60],
    name: 'no-virtualisation-device',
    async build(scene) {
      await scene.node();
      await unscheduledMachine(
        scene,
        '0/1 nodes are available: 1 Insufficient devices.kubevirt.io/kvm. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
      );
    },
  },
  {
    ids: [61, 60],
    name: 'virt-handler-out-of-inotify',
    async build(scene) {
      await scene.node();
      const pod = await handler(scene, unready('virt-handler'));
      scene.says(
        pod,
        'virt-handler',
        '{"component":"virt-handler","level":"error","msg":"Error starting vhost-net device plugin","reason":"failed to creating a fsnotify watcher: too many open files"}',
      );
      await unscheduledMachine(scene, '0/1 nodes are available: 1 Insufficient devices.kubevirt.io/vhost-net.');
    },
  },
  {
    ids: [62],
    name: 'no-node-for-machines',
    async build(scene) {
      await scene.node('node-a', [], { labels: { 'kubevirt.io/schedulable': 'false' } });
      const pod = await handler(scene, crashing('virt-handler', 11));
      scene.says(
        pod,
        'virt-handler',
        '{"component":"virt-handler","level":"fatal","msg":"unable to detect capabilities"}',
      );
      await unscheduledMachine(scene, "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.");
    },
  },
  {
    ids: [65],
    name: 'machine-volume-missing',
    build: (scene) =>
      machine(scene, 'ErrorPvcNotFound', [{ name: 'root', persistentVolumeClaim: { claimName: 'root' } }]),
  },
  { ids: [65], name: 'machine-keeps-ending', build: (scene) => machine(scene, 'CrashLoopBackOff') },
  {
    ids: [65],
    name: 'machine-image-missing',
    async build(scene) {
      await scene.node();
      await machine(scene, 'ErrImagePull');
      await instance(scene, 'Scheduling');
      const image = 'registry.example.test/disks/debian:13';
      await scene.pod(
        'default',
        'virt-launcher-vm-7k2xp',
        { ...launcher, image },
        waiting(
          'compute',
          'ErrImagePull',
          `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`,
        ),
      );
    },
  },
  {
    ids: [65, 72],
    name: 'machine-waits-for-its-disk',
    async build(scene) {
      await machine(scene, 'WaitingForVolumeBinding', [{ name: 'root', dataVolume: { name: 'debian' } }]);
      const spec = { source: { blank: {} }, storage: { resources: { requests: { storage: '1Gi' } } } };
      const metadata = { name: 'debian', namespace: 'default' };
      await scene.make(
        { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume', metadata, spec },
        { phase: 'WaitForFirstConsumer' },
      );
    },
  },
  {
    ids: [69],
    name: 'machine-cannot-move',
    async build(scene) {
      const conditions = scene.conditions([
        'LiveMigratable',
        'False',
        'DisksNotLiveMigratable',
        'cannot migrate VMI: PVC root is not shared, live migration requires that all PVCs must be shared (using ReadWriteMany access mode)',
      ]);
      await instance(scene, 'Running', { conditions });
      await scene.make(
        {
          apiVersion,
          kind: 'VirtualMachineInstanceMigration',
          metadata: { name: 'move', namespace: 'default' },
          spec: { vmiName: 'vm' },
        },
        { phase: 'Failed' },
      );
    },
  },
  {
    ids: [80],
    name: 'drain-held-by-longhorn',
    async build(scene) {
      await scene.node('node-a', [], { spec: { unschedulable: true } });
      const name = 'instance-manager-5e1f';
      await scene.pod(
        'longhorn-system',
        name,
        { labels: { 'longhorn.io/instance-manager-name': name } },
        running(name),
      );
      const spec = { minAvailable: 1, selector: { matchLabels: { 'longhorn.io/instance-manager-name': name } } };
      await scene.make(
        {
          apiVersion: 'policy/v1',
          kind: 'PodDisruptionBudget',
          metadata: { name, namespace: 'longhorn-system' },
          spec,
        },
        { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1, observedGeneration: 1 },
      );
    },
  },
  {
    ids: [82],
    name: 'image-volumes-not-supported',
    async build(scene) {
      const one = await instance(scene, 'Pending');
      await scene.event(
        one,
        'FailedCreate',
        'Error creating pod: Pod "virt-launcher-vm-7k2xp" is invalid: spec.volumes[8]: Required value: must specify a volume type',
        15,
      );
    },
  },
];
