import type { SimulatedMachine } from './simulated-machine.ts';

/** Modules of Ubuntu 24.04's generic kernel (with linux-modules-extra) that may be loaded, and what each brings along. */
const available: Readonly<Record<string, readonly string[]>> = {
  bonding: ['tls'],
  br_netfilter: ['bridge', 'stp', 'llc'],
  bridge: ['stp', 'llc'],
  dm_crypt: [],
  dm_multipath: [],
  dm_snapshot: ['dm_bufio'],
  dm_thin_pool: ['dm_persistent_data', 'dm_bio_prison', 'dm_bufio'],
  dummy: [],
  ip_set: ['nfnetlink'],
  ip_tables: ['x_tables'],
  ip_vs: ['nf_conntrack'],
  ip_vs_rr: ['ip_vs', 'nf_conntrack'],
  ip_vs_sh: ['ip_vs', 'nf_conntrack'],
  ip_vs_wrr: ['ip_vs', 'nf_conntrack'],
  iptable_filter: ['ip_tables', 'x_tables'],
  iptable_nat: ['ip_tables', 'nf_nat', 'x_tables'],
  iscsi_tcp: ['libiscsi_tcp', 'libiscsi', 'scsi_transport_iscsi'],
  kvm: ['irqbypass'],
  kvm_amd: ['kvm', 'ccp', 'irqbypass'],
  kvm_intel: ['kvm', 'irqbypass'],
  macvlan: [],
  nbd: [],
  nf_conntrack: ['nf_defrag_ipv4', 'nf_defrag_ipv6'],
  nf_nat: ['nf_conntrack'],
  nfs: ['lockd', 'sunrpc', 'grace', 'netfs'],
  nfsd: ['lockd', 'sunrpc', 'grace'],
  nfsv4: ['nfs', 'lockd', 'sunrpc', 'grace', 'netfs'],
  nvme_fabrics: [],
  nvme_tcp: ['nvme_fabrics'],
  openvswitch: ['nf_conntrack', 'nsh'],
  overlay: [],
  rbd: ['libceph'],
  scsi_dh_alua: [],
  tun: [],
  uio: [],
  uio_pci_generic: ['uio'],
  vfio: [],
  vfio_iommu_type1: ['vfio'],
  vfio_pci: ['vfio_pci_core', 'vfio', 'vfio_iommu_type1'],
  vhost: ['vhost_iotlb'],
  vhost_net: ['vhost', 'vhost_iotlb', 'tap'],
  vhost_vsock: ['vhost', 'vhost_iotlb', 'vmw_vsock_virtio_transport_common', 'vsock'],
  vxlan: ['ip6_udp_tunnel', 'udp_tunnel'],
  wireguard: ['libchacha20poly1305', 'udp_tunnel'],
  zram: [],
  '8021q': ['garp', 'mrp'],
};

/** Built into Ubuntu's kernel (modules.builtin). */
export const ubuntuBuiltin = ['tun', 'tcp_cubic', 'nvme', 'configfs', 'ext4', 'dm_mod'] as const;

/** Both spellings of a name are the same module. */
export function moduleName(name: string): string {
  return name.replaceAll('-', '_');
}

export function hasModule(machine: SimulatedMachine, name: string): boolean {
  const own = moduleName(name);
  if (machine.builtin.has(own)) return true;
  return machine.modules.has(own) && !(machine.troubles.noVirtualisation && own.startsWith('kvm_'));
}

export function loadedModules(machine: SimulatedMachine): readonly string[] {
  return [...machine.modules].filter((name) => hasModule(machine, name)).sort();
}

export function isKnownModule(machine: SimulatedMachine, name: string): boolean {
  const own = moduleName(name);
  return Object.hasOwn(available, own) || machine.builtin.has(own) || machine.autoload.has(own);
}

/** Whether the CPU lets it: KVM's own modules refuse to load without vmx or svm. */
export function canLoad(machine: SimulatedMachine, name: string): boolean {
  const own = moduleName(name);
  const flag = virtualisationOf(machine);
  if (own === 'kvm_intel') return flag === 'vmx';
  if (own === 'kvm_amd') return flag === 'svm';
  return true;
}

export function loadModule(machine: SimulatedMachine, name: string): void {
  const own = moduleName(name);
  if (machine.builtin.has(own)) return;
  for (const one of [own, ...(available[own] ?? [])]) machine.modules.add(one);
}

/** What the CPU shows now. */
export function virtualisationOf(machine: SimulatedMachine): 'vmx' | 'svm' | undefined {
  return machine.troubles.noVirtualisation ? undefined : machine.hardware.cpu.virtualisation;
}

/** Whether there is a /dev/kvm. */
export function hasKvm(machine: SimulatedMachine): boolean {
  if (machine.troubles.noVirtualisation) return false;
  return ['kvm_intel', 'kvm_amd'].some((name) => hasModule(machine, name)) || machine.builtin.has('kvm');
}
