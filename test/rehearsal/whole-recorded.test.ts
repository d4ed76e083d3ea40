import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadInventory } from '#profile/inventory';
import { named } from '../fixtures/cluster-looks.ts';
import { stage } from '../fixtures/rehearsed.ts';

const file = 'epyc-three-disks.json';
const text = readFileSync(new URL(`../fixtures/inventories/${file}`, import.meta.url), 'utf8');
const inventory = loadInventory(text, file);

describe('a machine as it was recorded', () => {
  it('is rehearsed to the end: other disks, other card names, another CPU, one disk that nobody names', async () => {
    const { play, runs, world } = await stage('single-node', { inventory });
    await play();

    const [machine] = world.machines;
    const foreign = machine?.disks.find((disk) => disk.path === '/dev/sda');
    const proof = await named(world, 'configMaps', 'novasphere-system/proof-verify-sample-vm');
    expect(runs.flatMap((run) => run.faults.map((fault) => fault.record()))).toEqual([]);
    expect(runs.map((run) => run.outcome)).toEqual(['rebooting', 'done']);
    expect(proof.data.evidence).toContain('console│ novasphere-boot=2');
    expect(foreign?.holds).toMatchObject({ type: 'ext4', label: 'archive' });
    expect(world.writes().filter((what) => what.includes('/dev/sda') || what.includes('WD-WX12A3456789'))).toEqual([]);
    expect(machine?.mounts.map(({ device, path }) => `${device} ${path}`)).toContain('/dev/sdb /var/lib/longhorn');
    expect(machine?.nics.map(({ mac, name }) => `${mac} ${name}`)).toEqual([
      '3c:ec:ef:00:00:02 lan0',
      '3c:ec:ef:00:00:03 enp1s0f1np1',
      '3c:ec:ef:00:00:01 mgmt0',
      expect.stringContaining('br-lan'),
    ]);
    world.close();
  });
});
