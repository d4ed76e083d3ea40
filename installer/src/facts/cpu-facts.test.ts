import { describe, expect, it } from 'vitest';
import { cpuFacts } from './cpu-facts.ts';

const processor = (fields: Record<string, string | number>) =>
  Object.entries(fields)
    .map(([key, value]) => `${key}\t: ${value}\n`)
    .join('');

/** Recorded from a virtual machine without nested virtualisation; flags cut. */
const guest = [0, 1]
  .map((at) =>
    processor({
      processor: at,
      vendor_id: 'GenuineIntel',
      'model name': 'Intel(R) Xeon(R) Processor',
      'physical id': 0,
      siblings: 2,
      'core id': at,
      'cpu cores': 2,
      flags: 'fpu vme de pse tsc msr hypervisor lahf_lm abm arch_capabilities',
      bugs: 'spectre_v1 spectre_v2',
    }),
  )
  .join('\n');

describe('cpuFacts', () => {
  it('reads a guest that cannot virtualise', () => {
    expect(cpuFacts(guest)).toEqual({
      model: 'Intel(R) Xeon(R) Processor',
      sockets: 1,
      cores: 2,
      threads: 2,
      hypervisor: true,
    });
  });

  it('counts sockets, cores and threads of a server', () => {
    const server = Array.from({ length: 8 }, (_, at) =>
      processor({
        processor: at,
        'model name': 'AMD EPYC 7313P',
        'physical id': at % 2,
        'core id': at % 4 < 2 ? 0 : 1,
        flags: 'fpu svm',
      }),
    ).join('\n');

    expect(cpuFacts(server)).toMatchObject({
      sockets: 2,
      cores: 4,
      threads: 8,
      virtualisation: 'svm',
      hypervisor: false,
    });
  });

  it('does not take a longer word for the flag', () => {
    expect(cpuFacts(processor({ processor: 0, flags: 'fpu vmx_preempt svm_lock' }))).not.toHaveProperty(
      'virtualisation',
    );
  });

  it('reads ARM, which names neither model nor sockets', () => {
    const arm = [0, 1].map((at) => processor({ processor: at, Features: 'fp asimd', 'CPU part': '0xd0c' })).join('\n');

    expect(cpuFacts(arm)).toEqual({ model: '0xd0c', sockets: 1, cores: 2, threads: 2, hypervisor: false });
  });

  it('believes in one CPU when nothing can be read', () => {
    expect(cpuFacts('')).toEqual({ model: 'unknown', sockets: 1, cores: 1, threads: 1, hypervisor: false });
  });
});
