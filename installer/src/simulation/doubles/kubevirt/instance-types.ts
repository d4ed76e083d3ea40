import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { type KubevirtRelease, operatorMetadata } from './kubevirt-release.ts';

const apiVersion = 'instancetype.kubevirt.io/v1beta1';

interface Series {
  readonly name: string;
  /** GiB for each vCPU; 512Mi and the like where the size says otherwise. */
  readonly ratio: number;
  readonly sizes: readonly string[];
  readonly vcpus?: Readonly<Record<string, number>>;
  readonly hugepages?: '2Mi' | '1Gi';
  readonly cpu?: Json;
}

const grown = ['2xlarge', '4xlarge', '8xlarge', 'large'];
const pairs = (sizes: readonly string[]) => sizes.flatMap((size) => [size, `${size}1gi`]);
const general = ['2xlarge', '2xmedium', '4xlarge', '8xlarge', 'large', 'medium', 'micro', 'nano', 'small', 'xlarge'];
const withoutDouble = general.filter((size) => size !== '2xmedium');
const pinned = { dedicatedCPUPlacement: true, isolateEmulatorThread: true };

// Of common-instancetypes v1.6.0, which KubeVirt v1.8.4 carries.
const series: readonly Series[] = [
  { name: 'cx1', ratio: 2, sizes: pairs([...grown, 'medium', 'xlarge']), hugepages: '2Mi', cpu: pinned },
  { name: 'd1', ratio: 4, sizes: general, cpu: pinned },
  { name: 'm1', ratio: 8, sizes: pairs([...grown, 'xlarge']), hugepages: '2Mi' },
  { name: 'n1', ratio: 2, sizes: [...grown, 'medium', 'xlarge'], hugepages: '1Gi', cpu: pinned },
  { name: 'o1', ratio: 4, sizes: withoutDouble },
  {
    name: 'rt1',
    ratio: 4,
    sizes: ['2xlarge', '4xlarge', '8xlarge', 'large', 'medium', 'micro', 'small', 'xlarge'],
    hugepages: '1Gi',
    cpu: pinned,
  },
  { name: 'u1', ratio: 4, sizes: general },
];

const vcpus: Readonly<Record<string, number>> = {
  '2xmedium': 2,
  large: 2,
  xlarge: 4,
  '2xlarge': 8,
  '4xlarge': 16,
  '8xlarge': 32,
};
const small: Readonly<Record<string, string>> = { nano: '512Mi', micro: '1Gi', small: '2Gi', '2xmedium': '4Gi' };

function sized(one: Series, size: string): Json {
  const plain = size.replace('1gi', '');
  const network = one.name === 'n1';
  const guest = (vcpus[plain] ?? (network ? 2 : 1)) * (network ? 2 : 1);
  const memory = small[plain] ?? `${network && plain === 'medium' ? 4 : guest * one.ratio}Gi`;
  const pageSize = size.endsWith('1gi') ? '1Gi' : one.hugepages;
  return {
    cpu: { guest, ...one.cpu },
    memory: {
      guest: memory,
      ...(pageSize && { hugepages: { pageSize } }),
      ...(one.name === 'o1' && { overcommitPercent: 50 }),
    },
  };
}

const preferences = [
  [
    'alpine',
    'centos.stream10',
    'centos.stream10.desktop',
    'centos.stream9',
    'centos.stream9.desktop',
    'centos.stream9.dpdk',
  ],
  [
    'cirros',
    'debian',
    'fedora',
    'fedora.arm64',
    'fedora.s390x',
    'legacy',
    'linux',
    'linux.efi',
    'linux.virtiotransitional',
  ],
  ['opensuse.leap', 'opensuse.tumbleweed', 'oraclelinux', 'rhel.10', 'rhel.10.arm64', 'rhel.10.s390x', 'rhel.7'],
  [
    'rhel.7.desktop',
    'rhel.8',
    'rhel.8.desktop',
    'rhel.8.dpdk',
    'rhel.9',
    'rhel.9.arm64',
    'rhel.9.desktop',
    'rhel.9.dpdk',
  ],
  ['rhel.9.realtime', 'rhel.9.s390x', 'sles', 'ubuntu'],
  ['10', '11', '2k12', '2k16', '2k19', '2k22', '2k25'].flatMap((name) => [`windows.${name}`, `windows.${name}.virtio`]),
  ['windows.2k3', 'windows.2k8', 'windows.2k8.virtio', 'windows.7', 'windows.7.virtio', 'windows.xp'],
].flat();

function preferenceSpec(name: string): Json {
  const windows = name.startsWith('windows');
  const paravirtual = !windows || name.endsWith('.virtio');
  return {
    annotations: { 'vm.kubevirt.io/os': windows ? 'windows' : 'linux' },
    devices: {
      preferredDiskBus: paravirtual ? 'virtio' : 'sata',
      preferredInterfaceModel: paravirtual ? 'virtio' : 'e1000e',
    },
  };
}

/** The cluster-wide instance types and preferences that virt-operator ships, in its order. */
export function instanceTypes(release: KubevirtRelease): readonly KubeObject[] {
  const metadata = operatorMetadata(release, { 'instancetype.kubevirt.io/vendor': 'kubevirt.io' });
  const types = series.flatMap((one) =>
    one.sizes.map((size) => ({
      apiVersion,
      kind: 'VirtualMachineClusterInstancetype',
      metadata: { ...metadata, name: `${one.name}.${size}` },
      spec: sized(one, size),
    })),
  );
  const likings = preferences.map((name) => ({
    apiVersion,
    kind: 'VirtualMachineClusterPreference',
    metadata: { ...metadata, name },
    spec: preferenceSpec(name),
  }));
  return [...types, ...likings];
}
