import type { SimulatedMachine } from '../host/simulated-machine.ts';
import type { Mishap, Stage } from '../mishap.ts';

const year = 365 * 24 * 3_600_000;

/** What goes wrong with the computer itself. */
export const machineMishaps: readonly Mishap[] = [
  {
    name: 'power-cut',
    summary: 'the power goes at the first write',
    at: 'k3s',
    outcome: 'POWER-LOST, exit code 5; the next run looks at everything and goes on',
    strike: (stage) => stage.fuse.arm(() => 'torn'),
  },
  {
    name: 'disk-full',
    summary: 'there is no room left on the system disk',
    at: 'host',
    outcome: 'HOST-DISK-FULL, exit code 1, with the file that could not be written',
    ...machineTrouble('diskFull'),
  },
  {
    name: 'wrong-cable',
    summary: 'the management interface has no carrier',
    at: 'preflight',
    outcome: 'PREFLIGHT-LINK, exit code 1, with the interface that does have a link',
    strike: onEach((machine) => machine.troubles.noCarrier.add(managementOf(machine))),
    mend: onEach((machine) => machine.troubles.noCarrier.clear()),
  },
  {
    name: 'two-disks-match',
    summary: 'the data disk shows up twice, as one on two paths does',
    at: 'preflight',
    outcome: 'MATCH-AMBIGUOUS, exit code 1; nothing is formatted',
    strike: onEach((machine) => machine.twinDisk(dataDiskOf(machine))),
    mend: onEach((machine) => machine.removeDisk(newestDiskOf(machine))),
  },
  {
    name: 'no-disk-matches',
    summary: 'the data disk is not in the machine',
    at: 'preflight',
    outcome: 'MATCH-NONE, exit code 1, with the disks that are there and why none of them fits',
    strike: onEach((machine) => machine.removeDisk(dataDiskOf(machine))),
    mend: onEach((machine) => machine.returnDisk()),
  },
  {
    name: 'disk-not-blank',
    summary: 'the data disk holds a filesystem of somebody else',
    at: 'preflight',
    outcome: 'DISK-NOT-BLANK, exit code 6; nothing is formatted',
    strike: onEach((machine) => machine.soilDisk(dataDiskOf(machine), 'ext4', 'old-data')),
    mend: onEach((machine) => machine.blankDisk(dataDiskOf(machine))),
  },
  {
    name: 'no-virtualisation',
    summary: 'the firmware has CPU virtualisation switched off',
    at: 'preflight',
    outcome: 'PREFLIGHT-CPU, exit code 1, where the profile says emulation: never; with auto VMs are emulated',
    ...machineTrouble('noVirtualisation'),
  },
  {
    name: 'hugepages-fragmented',
    summary: 'memory is too fragmented for the hugepages',
    at: 'host',
    outcome: 'HOST-HUGEPAGES, exit code 1; a restart of the machine mends it',
    ...machineTrouble('memoryFragmented'),
  },
  {
    name: 'clock-jump',
    summary: 'the clock falls back two years (an empty battery)',
    at: 'kubevirt',
    outcome: 'PREFLIGHT-CLOCK, exit code 1: certificates are not valid yet',
    strike: (stage) => stage.jumpClock(-2 * year),
    mend: (stage) => stage.jumpClock(2 * year),
  },
];

function onEach(change: (machine: SimulatedMachine) => void): (stage: Stage) => void {
  return ({ machines }) => {
    for (const machine of machines) change(machine);
  };
}

function machineTrouble(name: 'diskFull' | 'noVirtualisation' | 'memoryFragmented'): Pick<Mishap, 'strike' | 'mend'> {
  const set = (on: boolean) =>
    onEach(({ troubles }) => {
      troubles[name] = on;
    });
  return { strike: set(true), mend: set(false) };
}

/** The interface that carries the default route. */
function managementOf({ nics }: SimulatedMachine): string {
  return nics.find((nic) => nic.gateway !== undefined)?.mac ?? nics[0]?.mac ?? '';
}

/** The biggest disk that is not divided, as the system disk is: what the profile calls its data disk. */
function dataDiskOf(machine: SimulatedMachine): string {
  const free = machine.disks.filter((disk) => disk.partitions.length === 0);
  return free.toSorted((one, other) => other.size - one.size)[0]?.path ?? '';
}

function newestDiskOf({ disks }: SimulatedMachine): string {
  return disks.at(-1)?.path ?? '';
}
