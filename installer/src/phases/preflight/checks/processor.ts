import { Fault } from '#engine/fault';
import { hostOf } from '#profile/host-of';
import type { Check, Machine, Remark } from '../check.ts';

/** Hardware virtualisation as the profile asks for it, and the CPUs that it reserves. */
export const processor: Check = async (machine) => [...(await virtualisation(machine)), ...reservedCpus(machine)];

async function virtualisation({ site, facts, sight }: Machine): Promise<readonly Remark[]> {
  const { enabled, emulation } = site.profile.components.kubevirt;
  if (!enabled || emulation === 'always' || facts.cpu.virtualisation !== undefined) return [];
  const guest = facts.virtualised === undefined ? '' : `, a virtual machine (${facts.virtualised})`;
  if (emulation === 'auto')
    return [`${facts.cpu.model}${guest} offers no virtualisation: VMs will be emulated, many times slower`];
  const { stdout } = await sight.host.ask(['dmesg']);
  const locked = stdout.split('\n').filter((line) => /kvm.*disabled by bios/i.test(line));
  return [
    new Fault({
      code: 'PREFLIGHT-CPU',
      message: `${facts.cpu.model}${guest} offers no virtualisation (neither vmx nor svm)`,
      cause: locked.length > 0 ? 'the firmware has it switched off' : 'components.kubevirt.emulation is “never”',
      evidence: locked.slice(-2),
      remedy: [
        facts.virtualised === undefined
          ? 'switch on Intel VT-x or AMD-V (SVM) in the firmware setup of this machine'
          : 'switch on nested virtualisation for this machine in the hypervisor under it',
        'or set components.kubevirt.emulation: auto, to run VMs slowly in software',
      ],
    }),
  ];
}

function reservedCpus({ site, facts }: Machine): readonly Remark[] {
  const reserved = hostOf(site.profile, site.node).cpuManager?.reserved;
  const highest = Math.max(-1, ...(reserved ?? '').split(/[-,]/).filter(Boolean).map(Number));
  if (highest < facts.cpu.threads) return [];
  return [
    new Fault({
      code: 'PREFLIGHT-CPU',
      message: `CPU ${highest} is reserved, but this machine has only CPUs 0 to ${facts.cpu.threads - 1}`,
      remedy: [`set host.cpuManager.reserved to CPUs between 0 and ${facts.cpu.threads - 1}`],
    }),
  ];
}
