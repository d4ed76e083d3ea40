import type { Site } from '#plan/plan';
import type { Inventory } from '#ports/facts';
import { hostOf } from '#profile/host-of';

/** What the profile wants on the kernel command line; each entry stands there as it is, its words together. */
export function kernelArguments({ profile, node }: Site, { cpu }: Inventory): readonly string[] {
  const { hugepages, iommu } = hostOf(profile, node);
  return [
    // No default_hugepagesz: vm.nr_hugepages would then count these instead of those of 2 MiB.
    ...(hugepages['1Gi'] > 0 ? [`hugepagesz=1G hugepages=${hugepages['1Gi']}`] : []),
    ...(iommu && cpu.architecture === 'amd64' ? [`${isAmd(cpu) ? 'amd' : 'intel'}_iommu=on`, 'iommu=pt'] : []),
  ];
}

function isAmd({ virtualisation, model }: Inventory['cpu']): boolean {
  return virtualisation === undefined ? /amd/i.test(model) : virtualisation === 'svm';
}
