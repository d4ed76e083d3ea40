import type { SimulatedMachine } from './host/simulated-machine.ts';
import type { RehearsalFuse } from './power.ts';
import type { TroubleBoard } from './trouble-board.ts';
import type { Weather } from './weather.ts';

/** What a mishap may break. */
export interface Stage {
  readonly machines: readonly SimulatedMachine[];
  readonly fuse: RehearsalFuse;
  readonly troubles: TroubleBoard;
  /** What lies between the installer and the API server. */
  readonly weather: Weather;
  jumpClock(milliseconds: number): void;
}

export interface Mishap {
  readonly name: string;
  /** One line for `--help` and the docs. */
  readonly summary: string;
  /** Phase or step at whose beginning it strikes when the user names none. */
  readonly at: string;
  strike(stage: Stage, at: string): void;
  /** What a person on site would do before the next run; absent where nothing is left to mend. */
  mend?(stage: Stage): void;
}

const year = 365 * 24 * 3_600_000;
const handlerImage = 'quay.io/kubevirt/virt-handler:v1.8.4';
const onEach = (break_: (machine: SimulatedMachine) => void) => (stage: Stage) => {
  for (const machine of stage.machines) break_(machine);
};

/** The silent webhook belongs to the phase that it strikes at. */
const trouble = (name: Parameters<TroubleBoard['start']>[0], subject?: string): Pick<Mishap, 'strike' | 'mend'> => ({
  strike: (stage) => stage.troubles.start(name, subject),
  mend: (stage) => stage.troubles.end(name, subject),
});

export const mishaps: readonly Mishap[] = [
  {
    name: 'power-cut',
    summary: 'the power goes at the first write of a step',
    at: 'k3s',
    strike: (stage) => stage.fuse.arm(() => 'torn'),
  },
  {
    name: 'disk-full',
    summary: 'the system disk has no room left',
    at: 'host',
    strike: onEach((machine) => {
      machine.troubles.diskFull = true;
    }),
    mend: onEach((machine) => {
      machine.troubles.diskFull = false;
    }),
  },
  {
    name: 'wrong-cable',
    summary: 'the management interface has no carrier',
    at: 'preflight',
    strike: onEach((machine) => machine.troubles.noCarrier.add(managementOf(machine))),
    mend: onEach((machine) => machine.troubles.noCarrier.clear()),
  },
  {
    name: 'two-disks-match',
    summary: 'a second disk answers to the selector of the data disk',
    at: 'preflight',
    strike: onEach((machine) => machine.twinDisk(dataDiskOf(machine))),
    mend: onEach((machine) => machine.removeDisk(newestDiskOf(machine))),
  },
  {
    name: 'no-disk-matches',
    summary: 'the data disk is not in the machine',
    at: 'preflight',
    strike: onEach((machine) => machine.removeDisk(dataDiskOf(machine))),
    mend: onEach((machine) => machine.returnDisk()),
  },
  {
    name: 'disk-not-blank',
    summary: 'the data disk holds a filesystem of somebody else',
    at: 'preflight',
    strike: onEach((machine) => machine.soilDisk(dataDiskOf(machine), 'ext4', 'old-data')),
    mend: onEach((machine) => machine.blankDisk(dataDiskOf(machine))),
  },
  {
    name: 'no-virtualisation',
    summary: 'the firmware has CPU virtualisation switched off',
    at: 'preflight',
    strike: onEach((machine) => {
      machine.troubles.noVirtualisation = true;
    }),
    mend: onEach((machine) => {
      machine.troubles.noVirtualisation = false;
    }),
  },
  {
    name: 'hugepages-fragmented',
    summary: 'memory is too fragmented for the hugepages that are wanted',
    at: 'host',
    strike: onEach((machine) => {
      machine.troubles.memoryFragmented = true;
    }),
    mend: onEach((machine) => {
      machine.troubles.memoryFragmented = false;
    }),
  },
  {
    name: 'clock-jump',
    summary: 'the clock falls back two years, as it does with an empty battery',
    at: 'kubevirt',
    strike: (stage) => stage.jumpClock(-2 * year),
    mend: (stage) => stage.jumpClock(2 * year),
  },
  {
    name: 'image-missing',
    summary: 'an image is in no archive of the bundle',
    at: 'k3s',
    ...missingImage('quay.io/kubevirt/virt-api:v1.8.4'),
  },
  {
    name: 'kubevirt-stuck',
    summary: 'one image of KubeVirt disappears from the node, so that it stays Deploying',
    at: 'kubevirt',
    ...missingImage(handlerImage),
  },
  {
    name: 'image-denied',
    summary: 'a registry refuses an image',
    at: 'cdi',
    ...trouble('image-denied', 'quay.io/kubevirt/cdi-apiserver:v1.65.0'),
  },
  {
    name: 'webhook-silent',
    summary: "cert-manager's webhook never answers",
    at: 'cert-manager',
    ...trouble('webhook-silent', 'cert-manager'),
  },
  {
    name: 'longhorn-webhook',
    summary: 'longhorn-manager waits for its own webhook for ever',
    at: 'longhorn',
    ...trouble('longhorn-webhook-waits'),
  },
  {
    name: 'multus-broken',
    summary: 'Multus writes a configuration with which every new pod fails',
    at: 'multus',
    ...trouble('multus-config-broken'),
  },
  { name: 'dns-dead', summary: 'cluster DNS answers nothing', at: 'k3s', ...trouble('dns-dead') },
  { name: 'node-not-ready', summary: 'the node stops being Ready', at: 'k3s', ...trouble('node-not-ready') },
  {
    name: 'guest-silent',
    summary: 'the sample VM runs but never prints a login prompt',
    at: 'verify',
    ...trouble('guest-silent'),
  },
  {
    name: 'api-500',
    summary: 'the API server answers 500 for three minutes',
    at: 'cdi',
    strike: (stage) => stage.weather.storm({ status: 500, seconds: 180 }),
    mend: (stage) => stage.weather.clear(),
  },
  {
    name: 'api-429',
    summary: 'the API server asks for patience (429) for a minute',
    at: 'cdi',
    strike: (stage) => stage.weather.storm({ status: 429, seconds: 60 }),
    mend: (stage) => stage.weather.clear(),
  },
  {
    name: 'watch-dropped',
    summary: 'every watch breaks again and again',
    at: 'kubevirt',
    strike: (stage) => stage.weather.dropWatches({ every: 20, times: 30 }),
    mend: (stage) => stage.weather.clear(),
  },
];

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

function missingImage(image: string): Pick<Mishap, 'strike' | 'mend'> {
  return {
    strike: (stage) => {
      for (const machine of stage.machines) machine.loseImage(image);
    },
    mend: (stage) => {
      for (const machine of stage.machines) machine.returnImage(image);
    },
  };
}
