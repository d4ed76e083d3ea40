import { lsblkTree } from '../block-devices.ts';
import { uuidOf } from '../boot-id.ts';
import { type Device, deviceAt, signatureOf } from '../disks.ts';
import { fstabOf } from '../fstab.ts';
import type { SimulatedMachine } from '../simulated-machine.ts';
import type { Signature } from '../state.ts';
import { type Call, operands, option, refused, said, type Teaching } from './teaching.ts';

export const diskCommands: readonly Teaching[] = [
  { command: ['lsblk'], answer: lsblk },
  { command: ['blkid', '--probe'], answer: probe },
  { command: ['findmnt'], answer: findmnt },
  { command: ['wipefs', '--all'], takes: 300, act: wipe, torn: (call) => void wipe(call) },
  { command: ['mkfs.ext4'], takes: 4000, act: (call) => format(call, 'ext4'), torn: (call) => half(call, 'ext2') },
  { command: ['mkfs.xfs'], takes: 2500, act: (call) => format(call, 'xfs'), torn: (call) => half(call, 'xfs') },
  { command: ['mount'], takes: 200, act: mount },
  { command: ['umount'], takes: 150, act: unmount },
  { command: ['swapoff', '-a'], takes: 1500, act: swapOff },
  { command: ['swapon', '--all'], takes: 300, act: swapOn },
  { command: ['udevadm', 'settle'], takes: 300, act: () => said() },
  { command: ['udevadm', 'trigger'], takes: 100, act: () => said() },
];

function lsblk({ machine, words }: Call) {
  const columns = (option(words, '--output') ?? option(words, '-o') ?? 'NAME,SIZE,TYPE,MOUNTPOINTS').toLowerCase();
  const [path] = operands(words).filter((word) => word.startsWith('/'));
  const device = path === undefined ? undefined : deviceAt(machine, path);
  if (path !== undefined && device === undefined) return refused(32, `lsblk: ${path}: not a block device`);
  const blockdevices = lsblkTree(machine, columns.split(','), device?.disk);
  return said(JSON.stringify({ blockdevices }, undefined, 3));
}

function probe({ machine, words }: Call) {
  const device = deviceAt(machine, words.at(-1) ?? '');
  if (device === undefined) return refused(2, `blkid: error: ${words.at(-1)}: No such file or directory`);
  const { disk, partition } = device;
  const holds = signatureOf(device);
  const label = holds?.label === undefined ? [] : [`LABEL=${holds.label}`];
  const found = holds === undefined ? [] : [...label, `UUID=${holds.uuid}`, `TYPE=${holds.type}`];
  const table = partition === undefined && disk.table !== undefined ? [`PTTYPE=${disk.table}`] : [];
  if (found.length + table.length === 0) return refused(2, '');
  return said(`DEVNAME=${device.path}`, ...found, ...table);
}

/** `findmnt --noheadings --output COLUMNS --mountpoint PATH` */
function findmnt({ machine, words }: Call) {
  const path = option(words, '--mountpoint') ?? option(words, '-M') ?? operands(words).at(-1);
  const mount = machine.mounts.find((one) => one.path === path);
  if (mount === undefined) return refused(1, '');
  const device = deviceAt(machine, mount.device);
  const row: Readonly<Record<string, string | undefined>> = {
    TARGET: mount.path,
    SOURCE: mount.device,
    FSTYPE: mount.filesystem,
    UUID: device && signatureOf(device)?.uuid,
    OPTIONS: 'rw,relatime',
  };
  const columns = (option(words, '--output') ?? option(words, '-o') ?? 'TARGET,SOURCE,FSTYPE,OPTIONS').split(',');
  return said(columns.map((column) => row[column] ?? '').join(' '));
}

function wipe({ machine, words }: Call) {
  const device = deviceAt(machine, words.at(-1) ?? '');
  if (device === undefined)
    return refused(1, `wipefs: error: ${words.at(-1)}: probing initialization failed: No such file or directory`);
  if (isUsed(machine, device)) {
    return refused(1, `wipefs: error: ${device.path}: probing initialization failed: Device or resource busy`);
  }
  put(device, undefined);
  return said();
}

function format(call: Call, type: string) {
  const { machine, words } = call;
  const name = words.at(-1) ?? '';
  const device = deviceAt(machine, name);
  if (device === undefined) return refused(1, `The file ${name} does not exist and no size was specified.`);
  if (isUsed(machine, device)) return refused(1, `${name} is mounted; will not make a filesystem here!`);
  put(device, fresh(call, device, type));
  return said();
}

/** The head of a filesystem that nobody can mount and that is not ours. */
function half(call: Call, type: string): void {
  const device = deviceAt(call.machine, call.words.at(-1) ?? '');
  if (device === undefined) return;
  const { label: _, ...unnamed } = fresh(call, device, type);
  put(device, unnamed);
}

function fresh({ machine, words }: Call, device: Device, type: string): Signature {
  const label = option(words, '-L');
  const uuid = uuidOf(`${machine.name} ${device.path} ${machine.clock.now()}`);
  return { type, uuid, ...(label === undefined ? {} : { label }) };
}

function put({ disk, partition }: Device, holds: Signature | undefined): void {
  const where: { holds?: Signature; table?: string } = partition ?? disk;
  if (holds === undefined) delete where.holds;
  else where.holds = holds;
  if (partition !== undefined) return;
  delete disk.table;
  disk.partitions = [];
}

function isUsed(machine: SimulatedMachine, { disk, partition }: Device): boolean {
  const paths = partition === undefined ? [disk.path, ...disk.partitions.map((one) => one.path)] : [partition.path];
  return (
    machine.mounts.some((mount) => paths.includes(mount.device)) || machine.swaps.some((swap) => paths.includes(swap))
  );
}

/** `mount PATH`, as fstab tells. */
function mount({ machine, words }: Call) {
  const path = operands(words).at(-1) ?? '';
  const line = fstabOf(machine).find((one) => one.path === path);
  if (line === undefined) return refused(1, `mount: ${path}: can't find in /etc/fstab.`);
  const device = deviceAt(machine, line.device);
  if (device === undefined) return refused(32, `mount: ${path}: can't find ${line.device}.`);
  if (machine.look(path) === undefined) return refused(32, `mount: ${path}: mount point does not exist.`);
  if (machine.mounts.some((one) => one.path === path))
    return refused(32, `mount: ${path}: ${device.path} already mounted on ${path}.`);
  const holds = signatureOf(device);
  if (holds === undefined || (line.type !== 'auto' && holds.type !== line.type)) {
    const why = 'wrong fs type, bad option, bad superblock on';
    return refused(32, `mount: ${path}: ${why} ${device.path}, missing codepage or helper program, or other error.`);
  }
  const size = device.partition?.size ?? device.disk.size;
  machine.mounts.push({ device: device.path, path, filesystem: holds.type, size });
  return said();
}

function unmount({ machine, words }: Call) {
  const path = operands(words).at(-1) ?? '';
  if (!machine.mounts.some((one) => one.path === path)) return refused(32, `umount: ${path}: not mounted.`);
  machine.mounts = machine.mounts.filter((one) => one.path !== path);
  return said();
}

/** Whatever fstab lists as swap and is not in use yet. */
function swapOn({ machine }: Call) {
  const listed = fstabOf(machine).filter(({ type }) => type === 'swap');
  for (const { device } of listed) if (!machine.swaps.includes(device)) machine.swaps.push(device);
  return said();
}

function swapOff({ machine }: Call) {
  machine.swaps = [];
  return said();
}
