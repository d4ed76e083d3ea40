import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { hostOf } from '#profile/host-of';
import { factsOf } from '../verbs/host-facts.ts';
import { type ModuleNames, modulesAtBoot, modulesLoaded } from '../verbs/host-modules.ts';
import { stepOf } from '../verbs/host-part.ts';

const pods = ['overlay', 'br_netfilter', 'vxlan', 'nf_conntrack'];
/** Attached by iSCSI, encrypted, shared by NFS. */
const volumes = ['iscsi_tcp', 'dm_crypt', 'nfs'];
const guests = ['tun', 'vhost_net'];

/** Kernel modules of the platform and of the profile, now and at every boot. KVM's own depends on the processor. */
export function modulesStep({ profile, node }: Site): Step {
  const names: ModuleNames = async (sight) => {
    const { virtualisation } = (await factsOf(sight)).cpu;
    const kvm = { vmx: ['kvm_intel'], svm: ['kvm_amd'], none: [] }[virtualisation ?? 'none'];
    return [...new Set([...pods, ...volumes, ...guests, ...kvm, ...hostOf(profile, node).modules])];
  };
  return stepOf(
    { id: 'host/kernel-modules', title: 'Load kernel modules' },
    modulesAtBoot('/etc/modules-load.d/90-novasphere.conf', names),
    modulesLoaded(names),
  );
}
