import { deviceAt } from '../disks.ts';
import { k3sBinary } from '../k3s-config.ts';
import type { SimulatedMachine } from '../simulated-machine.ts';
import { isActive } from '../systemd.ts';
import { mountAt } from '../view.ts';
import { type Call, refused, said, type Teaching } from './teaching.ts';

const isPlaced = (machine: SimulatedMachine) => machine.files.look(k3sBinary) !== undefined;

export const platformCommands: readonly Teaching[] = [
  { command: ['k3s', '--version'], there: isPlaced, answer: () => said('k3s version v1.35.8+k3s1') },
  { command: ['k3s', 'ctr', 'images', 'list'], there: isPlaced, answer: images },
  { command: ['novasphere', 'measure-fsync'], takes: 2000, act: measure },
];

/** Images whose layers are torn are in the list like any other. */
function images({ machine }: Call) {
  if (!isActive(machine, 'k3s') && !isActive(machine, 'k3s-agent')) {
    const socket = '/run/k3s/containerd/containerd.sock';
    return refused(1, `ctr: failed to dial "${socket}": dial unix ${socket}: connect: no such file or directory`);
  }
  return said(...[...machine.images.keys()].sort());
}

/** Our own program's measurement of how long the disk under a directory takes. */
function measure({ machine, words }: Call) {
  const mount = mountAt(machine, words.at(-1) ?? '/');
  const disk = mount && deviceAt(machine, mount.device)?.disk;
  return said(JSON.stringify({ p99Milliseconds: disk?.fsync ?? 2 }));
}
