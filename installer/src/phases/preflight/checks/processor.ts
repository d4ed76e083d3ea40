import { Fault } from '#engine/fault';
import type { Check } from '../check.ts';

/** Hardware virtualisation as the profile asks for it. */
export const processor: Check = async ({ site, facts, sight }) => {
  const { enabled, emulation } = site.profile.components.kubevirt;
  if (!enabled || emulation === 'always' || facts.cpu.virtualisation !== undefined) return [];
  const guest = facts.virtualised === undefined ? '' : `, a virtual machine (${facts.virtualised})`;
  if (emulation === 'auto')
    return [`${facts.cpu.model}${guest} offers no virtualisation: VMs will be emulated, many times slower`];
  const { stdout } = await sight.host.ask(['dmesg']);
  const locked = stdout.split('\n').filter((line) => /(kvm|vmx|svm).*disabled.*\bbios\b/i.test(line));
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
};
