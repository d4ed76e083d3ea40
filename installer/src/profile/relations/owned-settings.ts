import type { Profile } from '../schema.ts';

export type HostPart = NonNullable<Profile['nodes'][number]['host']>;

/** Kernel settings that the platform depends on, and why. A profile cannot set them. */
export const ownedSettings: Readonly<Record<string, string>> = {
  'net.ipv4.ip_forward': 'pods need forwarding',
  'net.bridge.bridge-nf-call-iptables': 'k3s sets it for services',
  'net.bridge.bridge-nf-call-ip6tables': 'k3s sets it for services',
  'fs.inotify.max_user_instances': 'kubelet and virtual machines need thousands',
  'fs.inotify.max_user_watches': 'kubelet and virtual machines need hundreds of thousands',
  'vm.overcommit_memory': 'kubelet refuses to start with another value',
  'vm.panic_on_oom': 'kubelet refuses to start with another value',
  'kernel.panic': 'kubelet refuses to start with another value',
  'kernel.panic_on_oops': 'kubelet refuses to start with another value',
  'vm.nr_hugepages': 'write host.hugepages instead',
};
