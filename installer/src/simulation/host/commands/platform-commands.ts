import { createHash } from 'node:crypto';
import { deviceAt } from '../disks.ts';
import { dataDirOf, k3sBinary } from '../k3s-config.ts';
import type { SimulatedMachine } from '../simulated-machine.ts';
import { mountAt } from '../view.ts';
import { type Call, refused, said, type Teaching } from './teaching.ts';

const isPlaced = (machine: SimulatedMachine) => machine.files.look(k3sBinary) !== undefined;

export const platformCommands: readonly Teaching[] = [
  // Without the binary there is nothing to ask; with it nobody has asked for more than its images so far.
  { command: ['k3s'], there: isPlaced },
  { command: ['k3s', 'ctr', 'images', 'list'], there: isPlaced, answer: images },
  {
    command: ['k3s', '--version'],
    there: isPlaced,
    answer: ({ machine }) => said(machine.files.read(k3sBinary) ?? ''),
  },
  { command: ['k3s', 'etcd-snapshot', 'save'], there: isPlaced, takes: 2000, act: saveSnapshot },
  { command: ['novasphere', 'measure-fsync'], takes: 2000, act: measure },
];

/** Images whose layers are torn are in the list like any other. */
function images({ machine, words }: Call) {
  if (!runtimeRuns(machine)) {
    const socket = '/run/k3s/containerd/containerd.sock';
    return refused(1, `ctr: failed to dial "${socket}": dial unix ${socket}: connect: no such file or directory`);
  }
  const names = [...machine.images.keys()].sort();
  if (words.includes('-q')) return said(...names);
  const about = 'application/vnd.oci.image.index.v1+json';
  const rows = names.map(
    (name) =>
      `${name} ${about} ${machine.images.get(name)?.digest ?? digestOf(name)} 20.1 MiB linux/amd64 io.cri-containerd.image=managed`,
  );
  return said('REF TYPE DIGEST SIZE PLATFORMS LABELS', ...rows);
}

/** etcd is kept in a file that bears the name, the node and the time in seconds; one that is cut leaves nothing. */
function saveSnapshot({ machine, words }: Call) {
  const name = words[words.indexOf('--name') + 1] ?? 'on-demand';
  const folder = `${dataDirOf(machine)}/server/db/snapshots`;
  if (machine.units.get('k3s.service')?.active !== 'active')
    return refused(1, 'level=fatal msg="see server log for details: https://127.0.0.1:6443/db/snapshot: 503"');
  const file = `${name}-${machine.name}-${Math.floor(machine.clock.now() / 1000)}`;
  machine.files.put(`${folder}/${file}`, 'etcd', 0o600);
  return said(`level=info msg="Snapshot ${file} saved."`);
}

/** containerd listens before k3s says that it is ready: it has images to import. */
function runtimeRuns(machine: SimulatedMachine): boolean {
  const states = ['k3s.service', 'k3s-agent.service'].map((unit) => machine.units.get(unit)?.active);
  const laidOut = machine.files.look(`${dataDirOf(machine)}/agent/etc/containerd/config.toml`) !== undefined;
  return states.includes('active') || (states.includes('activating') && laidOut);
}

/** The digest that was asked for with the image, else one that follows from its name. */
function digestOf(name: string): string {
  return name.split('@')[1] ?? `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

/** Our own program's measurement of how long the disk under a directory takes. */
function measure({ machine, words }: Call) {
  const mount = mountAt(machine, words.at(-1) ?? '/');
  const disk = mount && deviceAt(machine, mount.device)?.disk;
  return said(JSON.stringify({ p99Milliseconds: disk?.fsync ?? 2 }));
}
