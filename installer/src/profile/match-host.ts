/** What the operating system is to be set to, held against what the machine has. */
import { Fault } from '#engine/fault';
import type { Inventory } from '#ports/facts';
import { cpusOf } from './cpu-list.ts';
import type { Host } from './schema.ts';
import { formatSize } from './units.ts';

export interface Judgement {
  readonly faults: readonly Fault[];
  readonly warnings: readonly string[];
}

export function judgeHost(host: Host, inventory: Inventory): Judgement {
  const faults = [...hugepages(host, inventory), ...reserved(host, inventory)];
  const hasNoIommu = host.iommu && inventory.devices.iommuGroups === 0;
  const warnings = hasNoIommu
    ? [
        'host.iommu is true and this machine shows no IOMMU groups yet: they come with the restart if VT-d or AMD-Vi is on in the firmware',
      ]
    : [];
  return { faults, warnings };
}

/** Hugepages are taken away from everything else: the system and k3s need what is left. */
const leftOver = 2 * 2 ** 30;

function hugepages({ hugepages }: Host, { memory }: Inventory): readonly Fault[] {
  const sum = hugepages['2Mi'] * 2 ** 21 + hugepages['1Gi'] * 2 ** 30;
  if (sum === 0 || sum + leftOver <= memory.total) return [];
  const most = Math.max(0, memory.total - leftOver);
  return [
    new Fault({
      code: 'PREFLIGHT-MEMORY',
      message: `host.hugepages sets ${formatSize(sum)} aside, and this machine has ${formatSize(memory.total)} of which ${formatSize(leftOver)} must stay free`,
      remedy: [
        `write at most host: {hugepages: {2Mi: ${Math.floor(most / 2 ** 21)}}} or {1Gi: ${Math.floor(most / 2 ** 30)}}`,
      ],
    }),
  ];
}

function reserved({ cpuManager }: Host, { cpu }: Inventory): readonly Fault[] {
  const list = cpusOf(cpuManager?.reserved ?? '');
  const last = Math.max(-1, ...list);
  const right = 'write host: {cpuManager: {policy: static, reserved: 0-1}}';
  if (last >= cpu.threads) {
    const message = `host.cpuManager.reserved names CPU ${last}, and this machine has CPUs 0 to ${cpu.threads - 1}`;
    return [new Fault({ code: 'PREFLIGHT-CPU', message, remedy: [right] })];
  }
  if (cpuManager?.policy !== 'static' || list.length < cpu.threads) return [];
  const message = `host.cpuManager.reserved names all ${cpu.threads} CPUs: none is left for virtual machines`;
  return [new Fault({ code: 'PREFLIGHT-CPU', message, remedy: [right] })];
}
