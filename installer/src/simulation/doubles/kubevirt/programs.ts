import type { Program } from '../node/program.ts';

const DENIED = 'libvirt:  error : cannot execute binary /usr/libexec/qemu-kvm: Permission denied';

/** What virt-handler runs before itself: QEMU is asked what the CPU of the node can do. */
const labeller: Program = {
  name: 'node-labeller.sh',
  fits: (container, pod) =>
    container.name === 'virt-launcher' && pod.metadata.labels?.['kubevirt.io'] === 'virt-handler',
  async run({ stage, machine, sleep, say }) {
    await sleep(1);
    if (!stage.bench.troubles.has('qemu-denied', machine.name)) return { exitCode: 0 };
    say(DENIED);
    return { exitCode: 1 };
  },
};

export const kubevirtPrograms: readonly Program[] = [labeller];
