import type { KernelTree } from './kernel-tree.ts';
import { hasModule, loadedModules, virtualisationOf } from './modules.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import { sysctlKeys, sysctlValue } from './sysctl.ts';

const base =
  'fpu vme de pse tsc msr pae mce cx8 apic sep mtrr pge mca cmov pat clflush mmx fxsr sse sse2 ht syscall nx lm';

/** /proc, as far as anybody reads it. */
export function procTree(machine: SimulatedMachine): KernelTree {
  return {
    '/proc/cpuinfo': () => cpuinfo(machine),
    '/proc/meminfo': () => meminfo(machine),
    '/proc/cmdline': () => `${machine.cmdline}\n`,
    '/proc/modules': () =>
      loadedModules(machine)
        .map((name) => `${name} 16384 0 - Live 0x0000000000000000\n`)
        .join(''),
    '/proc/swaps': () => swaps(machine),
    '/proc/mounts': () =>
      machine.mounts.map((one) => `${one.device} ${one.path} ${one.filesystem} rw,relatime 0 0\n`).join(''),
    '/proc/filesystems': () => 'nodev\tsysfs\nnodev\tcgroup2\n\text4\n\txfs\n',
    '/proc/sys/kernel/hostname': () => `${machine.read('/etc/hostname')?.trim() ?? machine.name}\n`,
    '/proc/sys/kernel/osrelease': () => `${machine.hardware.kernel.release}\n`,
    '/proc/sys/kernel/random/boot_id': () => `${machine.bootId}\n`,
    ...Object.fromEntries(
      sysctlKeys(machine).map((key) => [
        `/proc/sys/${key.replaceAll('.', '/')}`,
        () => `${sysctlValue(machine, key) ?? ''}\n`,
      ]),
    ),
  };
}

function cpuinfo(machine: SimulatedMachine): string {
  const { cpu, virtualised } = machine.hardware;
  const flag = virtualisationOf(machine);
  const flags = [base, flag, virtualised === undefined ? undefined : 'hypervisor'].filter((one) => one !== undefined);
  const perSocket = Math.max(1, Math.floor(cpu.cores / cpu.sockets));
  const vendor = cpu.virtualisation === 'svm' || /AMD/.test(cpu.model) ? 'AuthenticAMD' : 'GenuineIntel';
  const blocks = Array.from({ length: cpu.threads }, (_, at) => {
    const core = at % cpu.cores;
    const fields = {
      processor: at,
      vendor_id: vendor,
      'model name': cpu.model,
      'physical id': Math.floor(core / perSocket),
      'core id': core % perSocket,
      'cpu cores': perSocket,
      flags: flags.join(' '),
    };
    return Object.entries(fields)
      .map(([key, value]) => `${key}\t: ${value}\n`)
      .join('');
  });
  return `${blocks.join('\n')}\n`;
}

function meminfo(machine: SimulatedMachine): string {
  const total = Math.floor(machine.hardware.memory.total / 1024);
  const huge = machine.hugepages['2Mi'] * 2048 + machine.hugepages['1Gi'] * 1024 * 1024;
  const rows: readonly (readonly [string, number])[] = [
    ['MemTotal', total],
    ['MemFree', Math.max(0, Math.floor(total * 0.9) - huge)],
    ['MemAvailable', Math.max(0, Math.floor(total * 0.93) - huge)],
    ['SwapTotal', machine.swaps.length > 0 ? 4194300 : 0],
    ['Hugetlb', huge],
  ];
  return rows.map(([name, kilobytes]) => `${`${name}:`.padEnd(16)}${String(kilobytes).padStart(8)} kB\n`).join('');
}

function swaps(machine: SimulatedMachine): string {
  const head = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n';
  const kind = (path: string) => (path.startsWith('/dev/') ? 'partition' : 'file');
  return head + machine.swaps.map((path) => `${path.padEnd(40)}${kind(path)}\t\t4194300\t\t0\t\t-2\n`).join('');
}

/** What `dmesg` says about virtualisation that the firmware has switched off. */
export function kernelLog(machine: SimulatedMachine): string {
  const { kernel, cpu } = machine.hardware;
  const lines = [`[    0.000000] Linux version ${kernel.release}`, `[    0.000000] Command line: ${machine.cmdline}`];
  if (machine.troubles.noVirtualisation) {
    lines.push(
      cpu.virtualisation === 'svm'
        ? '[    4.218904] kvm_amd: SVM disabled (by BIOS) in MSR_VM_CR on CPU 0'
        : '[    0.092311] x86/cpu: VMX (outside TXT) disabled by BIOS',
    );
  } else if (hasModule(machine, 'kvm')) lines.push('[    4.218904] kvm: Nested Virtualization enabled');
  return lines.join('\n');
}
