import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { localHost } from '#adapters/local-host';
import { readInventory } from '#facts/read-inventory';
import { readProfile } from '#profile/load';
import { matchProfile } from '#profile/match';
import { VirtualClock } from '../virtual-clock.ts';
import { defaultInventory } from './default-inventory.ts';
import { machineFrom } from './machine-from.ts';
import { SimulatedHost } from './simulated-host.ts';

const examples = ['single-node', 'lab-vm', 'edge-hugepages', 'three-node'].flatMap((name) => {
  const path = new URL(`../../../../profiles/${name}.yaml`, import.meta.url);
  const reading = readProfile(readFileSync(path), path.pathname);
  if (!reading.isValid) throw new Error(`${name}.yaml is not valid`);
  return reading.profile.nodes.map((node) => ({ name: node.name, node, profile: reading.profile }));
});

describe('defaultInventory', () => {
  it.each(examples)('makes a machine that fits $name of an example profile', ({ name, node, profile }) => {
    const match = matchProfile(profile, defaultInventory(node, profile), name);

    expect(match.faults).toEqual([]);
  });
});

describe('machineFrom', () => {
  it.each(examples)('makes a machine that reads as the inventory it is made from: $name', async ({ node, profile }) => {
    const inventory = defaultInventory(node, profile);
    const clock = new VirtualClock(Date.parse(inventory.taken));
    const host = new SimulatedHost(machineFrom(inventory, { clock }));

    expect(await readInventory(host, clock.now())).toEqual(inventory);
  });

  it('makes a machine that is the same after its next boot', async () => {
    const inventory = defaultInventory(examples[0]!.node);
    const clock = new VirtualClock(Date.parse(inventory.taken));
    const machine = machineFrom(inventory, { clock });

    machine.shutDown();
    await machine.boot();
    await clock.sleep(10_000);

    const again = await readInventory(new SimulatedHost(machine), clock.now());
    expect(again).toEqual({ ...inventory, taken: again.taken, bootId: again.bootId });
    expect(again.bootId).not.toBe(inventory.bootId);
  });

  it('rehearses the machine that it runs on', async () => {
    const real = await readInventory(localHost('here'), Date.now());
    const clock = new VirtualClock(Date.parse(real.taken));
    const machine = machineFrom(real, { clock });
    machine.shutDown();
    await machine.boot();

    const simulated = await readInventory(new SimulatedHost(machine), clock.now());

    const names = (all: readonly { readonly name: string }[]) => all.map((one) => one.name).sort();
    expect(simulated.cpu).toEqual(real.cpu);
    expect(simulated.disks.map((disk) => disk.path)).toEqual(real.disks.map((disk) => disk.path));
    expect(names(simulated.nics)).toEqual(names(real.nics));
    expect(simulated.devices.kvm).toBe(real.devices.kvm);
    expect(simulated.os).toEqual(real.os);
  });

  it('takes partitions, labels, swap and other systems from a recorded machine', async () => {
    const [{ node }] = examples as [(typeof examples)[number]];
    const base = defaultInventory(node);
    const [first] = base.disks;
    const contents = [
      'gpt',
      'sda1: vfat "EFI"',
      'sda2: ext4',
      'sda3: swap',
      'sda4: LVM2_member',
      'vg-root: xfs "root"',
    ];
    const disk = { ...first!, path: '/dev/sda', contents, usedBy: ['/boot/efi', '/boot', 'swap', 'lvm', '/'] };
    const inventory = { ...base, disks: [disk] };
    const clock = new VirtualClock(Date.parse(base.taken));

    const machine = machineFrom(inventory, { clock });

    const [read] = (await readInventory(new SimulatedHost(machine), clock.now())).disks;
    expect(read).toMatchObject({ contents });
    expect([...read!.usedBy].sort()).toEqual([...disk.usedBy].sort());
    expect(machine.mounts.map((one) => `${one.device} ${one.path}`)).toEqual([
      '/dev/sda1 /boot/efi',
      '/dev/sda2 /boot',
      '/dev/mapper/vg-root /',
    ]);
  });
});
