import { describe, expect, it } from 'vitest';
import { localHost } from '#adapters/local-host';
import { commandFault, fileFault } from '#engine/host-fault';
import type { HostSight } from '#ports/host';
import { loadInventory } from '#profile/inventory';
import { readInventory } from './read-inventory.ts';

const now = Date.UTC(2026, 10, 21, 6);

/** A container without anything: no commands, no /sys, and files that may not be read. */
const bare: HostSight = {
  name: 'plant-7-a',
  read: async (path) => {
    throw fileFault({ host: 'plant-7-a', doing: 'read', path, code: 'EACCES', said: 'EACCES: permission denied' });
  },
  list: async () => [],
  look: async () => undefined,
  digest: async () => undefined,
  ask: async (question) => {
    if (question[0] === 'uname') throw commandFault('plant-7-a', question, { kind: 'timeout', milliseconds: 60_000 });
    return { exitCode: 127, stdout: '', stderr: '' };
  },
};

describe('readInventory', () => {
  it('leaves out what cannot be learnt', async () => {
    expect(await readInventory(bare, now)).toEqual({
      version: 1,
      hostname: 'plant-7-a',
      taken: '2026-11-21T06:00:00.000Z',
      machine: {},
      firmware: 'bios',
      cpu: { model: 'unknown', architecture: 'amd64', sockets: 1, cores: 1, threads: 1, numaNodes: 1 },
      memory: { total: 0, hugepages: { '2Mi': 0, '1Gi': 0 } },
      kernel: { release: '', cmdline: '', cgroup: 'v1' },
      os: { id: 'linux', version: '', name: 'linux' },
      disks: [],
      nics: [],
      modules: [],
      devices: { kvm: false, tun: false, vhostNet: false, iommuGroups: 0 },
      clock: { synchronized: false },
      bootId: '',
    });
  });

  it('does not hide mistakes of our own', async () => {
    const broken = { ...bare, list: () => Promise.reject(new Error('a mistake')) };

    await expect(readInventory(broken, now)).rejects.toThrow('a mistake');
  });

  it('reads this machine', async () => {
    const inventory = await readInventory(localHost('here'), now);

    expect(inventory.hostname).not.toBe('');
    expect(inventory.memory.total).toBeGreaterThan(2 ** 28);
    expect(inventory.cpu.threads).toBeGreaterThan(0);
    expect(inventory.bootId).toMatch(/^[0-9a-f-]{36}$/);
    expect(loadInventory(JSON.stringify(inventory), 'here.json')).toEqual(inventory);
  });
});
