import { hasModule } from './modules.ts';
import type { SimulatedMachine } from './simulated-machine.ts';

/** What Ubuntu 24.04 boots with. */
export const sysctlDefaults: Readonly<Record<string, string>> = {
  'fs.aio-max-nr': '65536',
  'fs.file-max': '9223372036854775807',
  'fs.inotify.max_queued_events': '16384',
  'fs.inotify.max_user_instances': '128',
  'fs.inotify.max_user_watches': '65536',
  'kernel.panic': '0',
  'kernel.panic_on_oops': '0',
  'kernel.pid_max': '4194304',
  'kernel.keys.root_maxbytes': '25000000',
  'kernel.keys.root_maxkeys': '1000000',
  'net.core.somaxconn': '4096',
  'net.ipv4.conf.all.forwarding': '0',
  'net.ipv4.conf.all.rp_filter': '2',
  'net.ipv4.ip_forward': '0',
  'net.ipv6.conf.all.forwarding': '0',
  'vm.dirty_ratio': '20',
  'vm.max_map_count': '1048576',
  'vm.nr_hugepages': '0',
  'vm.overcommit_memory': '0',
  'vm.panic_on_oom': '0',
  'vm.swappiness': '60',
};

/** Settings that are there only while a module is loaded. */
const ofModules: readonly {
  readonly start: string;
  readonly module: string;
  readonly keys: Readonly<Record<string, string>>;
}[] = [
  {
    start: 'net.bridge.',
    module: 'br_netfilter',
    keys: {
      'net.bridge.bridge-nf-call-arptables': '1',
      'net.bridge.bridge-nf-call-ip6tables': '1',
      'net.bridge.bridge-nf-call-iptables': '1',
    },
  },
  { start: 'net.netfilter.', module: 'nf_conntrack', keys: { 'net.netfilter.nf_conntrack_max': '262144' } },
];
/** The kernel has a thousand settings: what is set in one of its own trees is believed to be one. */
const trees = /^(abi|debug|dev|fs|kernel|net|user|vm)\../;

export function sysctlKeys(machine: SimulatedMachine): readonly string[] {
  const extra = ofModules.filter((one) => hasModule(machine, one.module)).flatMap((one) => Object.keys(one.keys));
  return [...new Set([...Object.keys(sysctlDefaults), ...machine.sysctl.keys(), ...extra])].filter(
    (key) => sysctlValue(machine, key) !== undefined,
  );
}

/** Undefined when the running kernel has no such setting. */
export function sysctlValue(machine: SimulatedMachine, key: string): string | undefined {
  if (key === 'vm.nr_hugepages') return String(machine.hugepages['2Mi']);
  const group = ofModules.find((one) => key.startsWith(one.start));
  if (group !== undefined && !hasModule(machine, group.module)) return undefined;
  const known = machine.sysctl.get(key) ?? group?.keys[key] ?? sysctlDefaults[key];
  return known ?? (group === undefined && trees.test(key) ? '0' : undefined);
}

/** False when the running kernel has no such setting. */
export function setSysctl(machine: SimulatedMachine, key: string, value: string): boolean {
  if (sysctlValue(machine, key) === undefined) return false;
  if (key === 'vm.nr_hugepages') machine.hugepages['2Mi'] = grantedHugepages(machine, Number(value));
  else machine.sysctl.set(key, value.trim().split(/\s+/).join('\t'));
  return true;
}

/** The settings of a sysctl.d file; lines that start with `-` may fail. */
export function sysctlLines(text: string): readonly (readonly [key: string, value: string])[] {
  return text.split('\n').flatMap((line) => {
    const [, key, value] = /^\s*-?([^#;=\s][^=\s]*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key.replaceAll('/', '.'), value] as const];
  });
}

/** At runtime the kernel gives what it finds in one piece. */
function grantedHugepages(machine: SimulatedMachine, wanted: number): number {
  const free = Math.floor((machine.hardware.memory.total * 0.85 - machine.hugepages['1Gi'] * 2 ** 30) / 2 ** 21);
  const had = machine.hugepages['2Mi'];
  const most = machine.troubles.memoryFragmented ? Math.max(had, Math.floor(wanted * 0.6)) : free;
  return Math.max(0, Math.min(wanted, most));
}
