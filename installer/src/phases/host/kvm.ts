import type { Step } from '#engine/step';
import { render } from '#render/render';
import { factsOf } from '../verbs/host-facts.ts';
import { fileWith } from '../verbs/host-file.ts';
import { type Part, stepOf } from '../verbs/host-part.ts';

const path = '/etc/modprobe.d/90-novasphere-kvm.conf';

/** Guests may run guests of their own, also after a restart; a module in use cannot be loaded anew. */
export function kvmStep(): Step {
  return stepOf(
    { id: 'host/kvm', title: 'Set KVM options' },
    fileWith(path, async (sight) => {
      const module = moduleOf((await factsOf(sight)).cpu.virtualisation);
      return module === undefined ? undefined : render('kvm.conf', { module });
    }),
    readBack,
  );
}

const readBack: Part = {
  changes: async () => [],
  make: async () => {},
  async notes(sight) {
    const { cpu, devices } = await factsOf(sight);
    const module = moduleOf(cpu.virtualisation);
    if (module === undefined) return ['the processor offers no virtualisation: VMs are emulated'];
    const nested = (await sight.host.read(`/sys/module/${module}/parameters/nested`))?.trim();
    const later = nested === '0' || nested === 'N' ? [`${module} allows nested guests from the next restart on`] : [];
    return devices.kvm ? later : [...later, '/dev/kvm is not there although the processor offers virtualisation'];
  },
};

function moduleOf(virtualisation: 'vmx' | 'svm' | undefined): string | undefined {
  if (virtualisation === undefined) return undefined;
  return virtualisation === 'vmx' ? 'kvm_intel' : 'kvm_amd';
}
