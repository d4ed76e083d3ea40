import type { ChangeRecord, Entry, FaultRecord } from '#ports/journal';

type WithoutTime<One> = One extends Entry ? Omit<One, 'at'> : never;
type News = WithoutTime<Entry>;

interface Wait {
  readonly gate: string;
  /** Seconds from the beginning of the wait, and what was missing then. */
  readonly because: readonly (readonly [number, string])[];
  readonly seconds: number;
  readonly slowAfter?: number;
  readonly evidence: readonly string[];
}
interface SampleStep {
  readonly id: string;
  readonly title: string;
  readonly seconds?: number;
  readonly changes?: readonly ChangeRecord[];
  readonly notes?: readonly string[];
  readonly wait?: Wait;
}
interface SamplePhase {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly SampleStep[];
}

const host = 'plant-7-a';
const file = (what: string, to = 'written'): ChangeRecord => ({ what, to });
const object = (what: string, to = 'created'): ChangeRecord => ({ what, to });
const ready = (name: string, seconds: number, because: Wait['because'], evidence: readonly string[]): Wait => ({
  gate: name,
  because,
  seconds,
  evidence,
});

/** A whole installation of the example profile as a journal would hold it, written by hand for tests of reports. */
export const samplePhases: readonly SamplePhase[] = [
  {
    id: 'preflight',
    title: 'Check the machine',
    steps: [
      { id: 'preflight/cpu', title: 'Check CPU virtualisation', notes: ['AMD EPYC 7313P, 16 cores, svm'] },
      { id: 'preflight/memory', title: 'Check memory', notes: ['128 GiB'] },
      { id: 'preflight/cgroup', title: 'Check cgroup v2' },
      { id: 'preflight/devices', title: 'Match disks and network interfaces' },
      { id: 'preflight/ports', title: 'Check that ports are free' },
      { id: 'preflight/clock', title: 'Check the clock' },
      { id: 'preflight/disk-speed', title: 'Measure the data disk', seconds: 6, notes: ['fsync p99 2.1 ms'] },
      { id: 'preflight/bundle', title: 'Verify the bundle', seconds: 21, notes: ['412 files, 9.8 GiB'] },
    ],
  },
  {
    id: 'host',
    title: 'Prepare the host',
    steps: [
      {
        id: 'host/packages',
        title: 'Install packages',
        seconds: 38,
        changes: ['chrony', 'nfs-common', 'open-iscsi', 'network-manager'].map((name) => ({
          what: `package ${name}`,
          to: 'installed',
        })),
      },
      {
        id: 'host/kernel-modules',
        title: 'Load kernel modules',
        seconds: 1,
        changes: [file('/etc/modules-load.d/90-novasphere.conf'), { what: 'module vhost_net', to: 'loaded' }],
      },
      {
        id: 'host/sysctl',
        title: 'Set kernel parameters',
        seconds: 1,
        changes: [
          file('/etc/sysctl.d/90-novasphere.conf'),
          { what: 'vm.swappiness', from: '60', to: '10' },
          { what: 'fs.inotify.max_user_instances', from: '128', to: '8192' },
        ],
      },
      {
        id: 'host/hugepages',
        title: 'Reserve hugepages',
        seconds: 2,
        changes: [{ what: '2 MiB hugepages', from: '0', to: '1024' }],
      },
      {
        id: 'host/swap',
        title: 'Turn swap off',
        seconds: 1,
        changes: [{ what: '/etc/fstab', from: '/swap.img', to: 'commented out' }],
      },
      {
        id: 'host/network',
        title: 'Configure the network',
        seconds: 9,
        changes: [
          file('/etc/netplan/90-novasphere.yaml'),
          { what: 'interface enp1s0', from: 'enp1s0', to: 'mgmt0', restarts: 'machine' },
        ],
      },
      {
        id: 'host/data-disk',
        title: 'Prepare the data disk',
        seconds: 14,
        changes: [
          { what: 'filesystem on /dev/nvme1n1', from: 'blank', to: 'ext4', destructive: 'disk wwn 0x5002538f' },
          { what: 'mount /var/lib/longhorn', to: 'mounted' },
        ],
      },
    ],
  },
  {
    id: 'k3s',
    title: 'Start Kubernetes',
    steps: [
      {
        id: 'k3s/binary',
        title: 'Place the k3s binary',
        seconds: 2,
        changes: [file('/usr/local/bin/k3s', 'v1.35.8+k3s1')],
      },
      {
        id: 'k3s/config',
        title: 'Configure k3s',
        seconds: 1,
        changes: [file('/etc/rancher/k3s/config.yaml'), file('/etc/rancher/k3s/registries.yaml')],
      },
      {
        id: 'k3s/images',
        title: 'Import images',
        seconds: 96,
        changes: [{ what: '64 images', to: 'imported from the bundle' }],
      },
      {
        id: 'k3s/unit',
        title: 'Start k3s',
        seconds: 12,
        changes: [{ what: 'unit k3s.service', from: 'absent', to: 'enabled and active', restarts: 'k3s' }],
        wait: ready(
          'the node and the system pods to be ready',
          54,
          [
            [1, 'the API server does not answer yet'],
            [14, 'node plant-7-a is not ready: container runtime network not ready'],
            [33, 'pod kube-system/coredns-6c8d9b is pending'],
          ],
          [
            'node plant-7-a is Ready, kubelet v1.35.8+k3s1',
            '4 of 4 system pods run',
            'kubernetes.default resolves from a pod',
          ],
        ),
      },
    ],
  },
  {
    id: 'longhorn',
    title: 'Install Longhorn storage',
    steps: [
      {
        id: 'longhorn/snapshots',
        title: 'Install the snapshot controller',
        seconds: 4,
        changes: [
          object('CustomResourceDefinition volumesnapshots.snapshot.storage.k8s.io'),
          object('Deployment kube-system/snapshot-controller'),
        ],
      },
      {
        id: 'longhorn/longhorn',
        title: 'Install Longhorn',
        seconds: 11,
        changes: [
          object('Namespace longhorn-system'),
          object('DaemonSet longhorn-system/longhorn-manager'),
          object('Deployment longhorn-system/longhorn-driver-deployer'),
          object('Deployment longhorn-system/longhorn-ui'),
        ],
        wait: {
          gate: 'Longhorn to have a schedulable disk on every node',
          seconds: 412,
          slowAfter: 360,
          because: [
            [2, 'DaemonSet longhorn-system/longhorn-manager has 0 of 1 pods ready'],
            [38, 'no Longhorn node plant-7-a yet'],
            [120, 'the disk of plant-7-a is not ready: waiting for the instance manager'],
            [361, 'the disk of plant-7-a is not ready: waiting for the instance manager'],
          ],
          evidence: [
            'disk /var/lib/longhorn on plant-7-a is schedulable, 1.7 TiB free',
            'CSI driver driver.longhorn.io is registered',
          ],
        },
      },
      {
        id: 'longhorn/classes',
        title: 'Create storage classes',
        seconds: 2,
        changes: [
          object('StorageClass longhorn'),
          { what: 'StorageClass local-path', from: 'default', to: 'not default' },
        ],
        wait: ready(
          'a volume to keep what is written into it',
          31,
          [[3, 'PersistentVolumeClaim novasphere-probe/probe is pending']],
          ['wrote and read back 16 MiB, SHA-256 equal', 'exactly one default class: longhorn'],
        ),
      },
    ],
  },
  {
    id: 'multus',
    title: 'Install Multus',
    steps: [
      {
        id: 'multus/daemon',
        title: 'Install Multus',
        seconds: 5,
        changes: [
          object('DaemonSet kube-system/kube-multus-ds'),
          object('CustomResourceDefinition network-attachment-definitions.k8s.cni.cncf.io'),
        ],
        wait: ready(
          'plain pods to keep their network',
          22,
          [[2, 'DaemonSet kube-system/kube-multus-ds has 0 of 1 pods ready']],
          ['a plain pod got 10.42.0.31', 'a pod with a test network got a second interface net1'],
        ),
      },
    ],
  },
  {
    id: 'nmstate',
    title: 'Install NMState',
    steps: [
      {
        id: 'nmstate/operator',
        title: 'Install the NMState operator',
        seconds: 6,
        changes: [object('Deployment nmstate/nmstate-operator'), object('NMState nmstate')],
        wait: ready(
          'the network state of every node to be fresh',
          58,
          [[5, 'no NodeNetworkState plant-7-a yet']],
          ['NodeNetworkState plant-7-a is 4 s old', 'a dummy policy was applied and removed'],
        ),
      },
    ],
  },
  {
    id: 'kubevirt',
    title: 'Install KubeVirt',
    steps: [
      {
        id: 'kubevirt/operator',
        title: 'Install the KubeVirt operator',
        seconds: 4,
        changes: [object('Namespace kubevirt'), object('Deployment kubevirt/virt-operator')],
      },
      {
        id: 'kubevirt/cr',
        title: 'Configure KubeVirt',
        seconds: 2,
        changes: [object('KubeVirt kubevirt/kubevirt')],
        wait: ready(
          'KubeVirt to be deployed',
          187,
          [
            [3, 'KubeVirt kubevirt/kubevirt has phase Deploying'],
            [96, 'DaemonSet kubevirt/virt-handler has 0 of 1 pods ready'],
          ],
          [
            'KubeVirt is Deployed, v1.7.0',
            'devices.kubevirt.io/kvm: 1k on plant-7-a',
            'the webhook accepted a dry-run VirtualMachine',
          ],
        ),
      },
    ],
  },
  {
    id: 'cdi',
    title: 'Install CDI',
    steps: [
      {
        id: 'cdi/operator',
        title: 'Install CDI',
        seconds: 3,
        changes: [object('Deployment cdi/cdi-operator'), object('CDI cdi')],
        wait: ready(
          'a blank disk image to be made',
          74,
          [[3, 'CDI cdi has phase Deploying']],
          ['a blank DataVolume of 1 GiB succeeded'],
        ),
      },
    ],
  },
  {
    id: 'cert-manager',
    title: 'Install cert-manager',
    steps: [
      {
        id: 'cert-manager/manifest',
        title: 'Install cert-manager',
        seconds: 5,
        changes: [
          object('Deployment cert-manager/cert-manager'),
          object('Deployment cert-manager/cert-manager-webhook'),
        ],
        wait: ready(
          'a self-signed certificate to be issued',
          41,
          [[4, 'the webhook cert-manager/cert-manager-webhook refuses connections']],
          ['Certificate novasphere-probe/probe is Ready'],
        ),
      },
    ],
  },
  {
    id: 'operator',
    title: 'Install the Wukong operator',
    steps: [
      {
        id: 'operator/crds',
        title: 'Install the Wukong kinds',
        seconds: 2,
        changes: [object('CustomResourceDefinition wukongs.novasphere.dev')],
      },
      {
        id: 'operator/deployment',
        title: 'Start the operator',
        seconds: 2,
        changes: [object('Deployment novasphere-system/operator')],
        wait: ready(
          'the operator to lead',
          18,
          [[2, 'no leader yet']],
          ['operator-7f9c leads', 'a dry-run Wukong was accepted, a bad one refused'],
        ),
      },
    ],
  },
  {
    id: 'verify',
    title: 'Boot a sample VM',
    steps: [
      {
        id: 'verify/sample',
        title: 'Create the sample VM',
        seconds: 2,
        changes: [object('Wukong novasphere-verify/sample')],
        wait: ready(
          'the sample VM to print its login prompt',
          47,
          [
            [2, 'VirtualMachineInstance novasphere-verify/sample is Scheduling'],
            [19, 'the guest has printed 38 lines, no prompt among them'],
          ],
          [
            'console│ Booting from Hard Disk...',
            'console│ [    0.000000] Linux version 6.6.41-0-virt',
            'console│ [    2.114020] virtio_net virtio0 eth0: link up',
            'console│ Welcome to Alpine Linux 3.22',
            'console│ sample login:',
            'its console shows “sample login:”',
          ],
        ),
      },
      {
        id: 'verify/address',
        title: 'Reach the sample VM',
        wait: ready(
          'the sample VM to have an address',
          6,
          [[1, 'no address reported yet']],
          ['10.42.0.57 answers in 0.4 ms'],
        ),
      },
      {
        id: 'verify/restart',
        title: 'Restart the sample VM',
        seconds: 2,
        changes: [{ what: 'VirtualMachine novasphere-verify/sample', from: 'running', to: 'restarted' }],
        wait: ready(
          'the disk to keep its data over a restart',
          39,
          [[2, 'the guest is restarting']],
          ['the file written before the restart is there, SHA-256 equal'],
        ),
      },
      {
        id: 'verify/clean-up',
        title: 'Remove the sample VM',
        seconds: 3,
        changes: [{ what: 'Wukong novasphere-verify/sample', from: 'present', to: 'removed' }],
        wait: ready(
          'nothing of the sample VM to be left',
          8,
          [[1, 'PersistentVolume pvc-51f0 is Terminating']],
          ['0 objects are left'],
        ),
      },
    ],
  },
];

export interface SampleOptions {
  /** The step that fails, and with what. */
  readonly fail?: { readonly step: string; readonly fault: FaultRecord };
  /** Nothing is left to do: the quiet second run. */
  readonly converged?: boolean;
  readonly mode?: 'inspect' | 'apply';
  readonly hosts?: readonly string[];
}

/** The events of a run of the sample phases, from 06:00 on, with believable times. */
export function sampleJournal(options: SampleOptions = {}): readonly Entry[] {
  const { mode = 'apply', fail, converged = false } = options;
  const entries: Entry[] = [];
  const start = Date.UTC(2026, 10, 21, 6, 0, 0);
  let now = 0;
  let changed = 0;
  const tell = (news: News) => entries.push({ at: new Date(start + now * 1000).toISOString(), ...news });
  const end = (outcome: 'done' | 'failed', exitCode: number) =>
    tell({ event: 'run-ended', outcome, exitCode, seconds: now, changed });

  tell({
    event: 'run-began',
    version: 1,
    run: '20261121-060000-apply',
    command: mode === 'apply' ? 'apply' : 'plan',
    mode,
    profile: { name: 'plant-7', digest: 'a3f1c2'.padEnd(64, '0'), path: 'profiles/single-node.yaml' },
    plan: {
      digest: 'b7e4d9'.padEnd(64, '0'),
      phases: samplePhases.map(({ id, title, steps }) => ({
        id,
        title,
        steps: steps.map((step) => ({ id: step.id, title: step.title, host })),
      })),
    },
    versions: {
      novasphere: '0.1.0',
      node: '24.21.0',
      k3s: 'v1.35.8+k3s1',
      longhorn: 'v1.12.1',
      multus: 'v4.2.3',
      nmstate: 'v0.85.0',
      kubevirt: 'v1.7.0',
      cdi: 'v1.64.0',
      'cert-manager': 'v1.19.1',
    },
  });
  for (const phase of samplePhases) {
    const phaseBegan = now;
    tell({ event: 'phase-began', phase: phase.id, title: phase.title });
    for (const step of phase.steps) {
      const began = now;
      const of = { step: step.id, host };
      tell({ event: 'step-began', ...of, title: step.title });
      now += 0.3;
      const changes = converged ? [] : (step.changes ?? []);
      tell({
        event: 'found',
        ...of,
        state: changes.length > 0 ? 'drifted' : 'converged',
        changes,
        ...(step.notes === undefined ? {} : { notes: step.notes }),
      });
      const destructive = changes.find((change) => change.destructive !== undefined)?.destructive;
      if (mode === 'apply') {
        if (destructive !== undefined) tell({ event: 'intent', ...of, target: destructive });
        now += step.seconds ?? 0.2;
        if (changes.length > 0) tell({ event: 'applied', ...of, seconds: step.seconds ?? 0.2 });
        const wait = step.wait;
        if (wait !== undefined) {
          const since = now;
          const seconds = converged ? 0.4 : wait.seconds;
          for (const [after, because] of converged ? [] : wait.because) {
            now = since + after;
            const slow = wait.slowAfter !== undefined && after > wait.slowAfter ? { slow: true } : {};
            const iso = new Date(start + since * 1000).toISOString();
            tell({ event: 'waiting', ...of, gate: wait.gate, because, since: iso, ...slow });
          }
          now = since + seconds;
          if (fail?.step !== step.id)
            tell({ event: 'passed', ...of, gate: wait.gate, evidence: wait.evidence, seconds });
        }
      }
      if (fail?.step === step.id) {
        tell({ event: 'failed', ...of, fault: fail.fault });
        tell({ event: 'step-ended', ...of, outcome: 'failed', seconds: now - began });
        tell({ event: 'phase-ended', phase: phase.id, outcome: 'failed', seconds: now - phaseBegan });
        end('failed', 1);
        return entries;
      }
      if (changes.length > 0) changed++;
      const did = mode === 'apply' ? 'applied' : 'planned';
      tell({
        event: 'step-ended',
        ...of,
        outcome: changes.length > 0 ? did : 'converged',
        seconds: round(now - began),
      });
    }
    tell({ event: 'phase-ended', phase: phase.id, outcome: 'done', seconds: round(now - phaseBegan) });
  }
  end('done', 0);
  return entries;
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

export const sampleFault: FaultRecord = {
  code: 'IMAGE-MISSING',
  message: 'KubeVirt stays Deploying because one image is missing: quay.io/kubevirt/virt-launcher:v1.7.0',
  because: [
    'pod kubevirt/virt-handler-x2v9p cannot start its container virt-launcher-init: ErrImageNeverPull',
    'the bundle of this site does not hold the image',
  ],
  where: ['host plant-7-a', 'step kubevirt/cr', 'object DaemonSet kubevirt/virt-handler'],
  evidence: ['Container image "quay.io/kubevirt/virt-launcher:v1.7.0" is not present with pull policy of Never'],
  remedy: [
    'novasphere bundle verify',
    'add the image to the bundle, then run  novasphere apply profiles/single-node.yaml  again',
  ],
};
