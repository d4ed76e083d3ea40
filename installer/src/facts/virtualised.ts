const hypervisors: readonly (readonly [RegExp, string])[] = [
  [/QEMU|KVM/i, 'kvm'],
  [/VMware/i, 'vmware'],
  [/VirtualBox|innotek/i, 'virtualbox'],
  [/Microsoft Corporation Virtual Machine/i, 'hyper-v'],
  [/Xen/i, 'xen'],
  [/Amazon EC2/i, 'ec2'],
  [/Google Compute Engine/i, 'gce'],
  [/OpenStack/i, 'openstack'],
  [/Parallels/i, 'parallels'],
];

/** Which hypervisor the machine runs on, by the names it gives itself; undefined for hardware. */
export function virtualised(vendor = '', product = '', hypervisorFlag = false): string | undefined {
  const names = `${vendor} ${product}`;
  const known = hypervisors.find(([pattern]) => pattern.test(names));
  return known?.[1] ?? (hypervisorFlag ? 'unknown hypervisor' : undefined);
}
