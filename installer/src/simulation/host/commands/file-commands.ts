import { dataDirOf } from '../k3s-config.ts';
import { forgetImages, syncImages } from '../k3s-images.ts';
import { linkTarget } from '../paths.ts';
import type { SimulatedMachine } from '../simulated-machine.ts';
import { mountAt } from '../view.ts';
import { type Call, operands, option, refused, said, type Teaching } from './teaching.ts';

const full = (program: string, path: string) =>
  refused(1, `${program}: cannot create directory '${path}': No space left on device`);

export const fileCommands: readonly Teaching[] = [
  { command: ['mkdir', '-p'], takes: 2, act: makeDirectories },
  { command: ['install', '-d'], takes: 2, act: installDirectory },
  { command: ['rm', '-rf'], takes: 900, act: removeTrees, torn: ({ machine }) => forgetImages(machine) },
  { command: ['chown'], takes: 2, act: changeOwner },
  { command: ['mv'], takes: 2, act: move },
  {
    command: ['sync'],
    takes: 2500,
    act({ machine }) {
      syncImages(machine);
      return said();
    },
  },
  { command: ['cat'], answer: concatenate },
  { command: ['stat'], answer: stat },
  { command: ['df'], answer: df },
  { command: ['du', '-s'], answer: du },
];

function makeDirectories({ machine, words }: Call) {
  for (const path of operands(words)) {
    if (machine.look(path)?.kind === 'directory') continue;
    if (machine.troubles.diskFull) return full('mkdir', path);
    machine.files.makeDirectory(path);
  }
  return said();
}

function installDirectory({ machine, words }: Call) {
  const path = words.at(-1) ?? '';
  if (machine.troubles.diskFull) return full('install', path);
  machine.files.makeDirectory(path, Number.parseInt(option(words, '-m') ?? '755', 8), option(words, '-o'));
  return said();
}

function removeTrees({ machine, words }: Call) {
  for (const path of operands(words)) {
    machine.files.removeTree(path);
    if (`${dataDirOf(machine)}/agent/containerd`.startsWith(path)) forgetImages(machine);
  }
  return said();
}

function move({ machine, words }: Call) {
  const [from = '', to = ''] = operands(words);
  if (machine.look(from) === undefined) return refused(1, `mv: cannot stat '${from}': No such file or directory`);
  machine.files.rename(from, to);
  return said();
}

function changeOwner({ machine, words }: Call) {
  const [owner = '', ...paths] = operands(words);
  for (const path of paths) {
    if (machine.look(path) === undefined) {
      return refused(1, `chown: cannot access '${path}': No such file or directory`);
    }
    machine.files.own(path, owner.split(':')[0] ?? owner);
  }
  return said();
}

function concatenate({ machine, words }: Call) {
  const texts = operands(words).map((path) => machine.read(path));
  if (texts.includes(undefined)) return refused(1, `cat: ${words.join(' ')}: No such file or directory`);
  return said(texts.join('').replace(/\n$/, ''));
}

/** `stat -c FORMAT PATH…`, `stat --format FORMAT PATH…` and both with `--file-system`. */
function stat({ machine, words }: Call) {
  const format = option(words, '-c') ?? option(words, '--format');
  const ofSystem = words.includes('--file-system') || words.some((word) => word.startsWith('-f'));
  const paths = operands(words).filter((word) => word !== format);
  if (format === undefined || paths.length === 0) return refused(1, 'stat: missing operand');
  const lines: string[] = [];
  const errors: string[] = [];
  for (const path of paths) {
    if (machine.look(path) === undefined) errors.push(`stat: cannot statx '${path}': No such file or directory`);
    else lines.push(ofSystem ? format.replace('%T', typeOf(machine, path)) : fill(machine, format, path));
  }
  return { exitCode: errors.length > 0 ? 1 : 0, stdout: lines.join('\n'), stderr: errors.join('\n') };
}

function fill(machine: SimulatedMachine, format: string, path: string): string {
  const facts = machine.look(path);
  const target = linkTarget(machine, path);
  const values: Readonly<Record<string, string | number | undefined>> = {
    n: path,
    N: target === undefined ? `'${path}'` : `'${path}' -> '${target}'`,
    Y: Math.floor(machine.files.modified(path) / 1000),
    U: machine.files.owner(path),
    s: facts?.size,
    a: facts?.mode.toString(8),
  };
  return format.replace(/%(\w)/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`simulated stat was not taught %${key}: teach it in file-commands.ts`);
    return String(value);
  });
}

function typeOf(machine: SimulatedMachine, path: string): string {
  if (path === '/sys/fs/cgroup') return machine.hardware.kernel.cgroup === 'v2' ? 'cgroup2fs' : 'tmpfs';
  return mountAt(machine, path)?.filesystem ?? 'ext4';
}

/** `du -s --block-size=1 PATH`: what the files below a path take. */
function du({ machine, words }: Call) {
  const path = operands(words).at(-1) ?? '';
  const facts = machine.look(path);
  if (facts === undefined) return refused(1, `du: cannot access '${path}': No such file or directory`);
  return said(`${sizeBelow(machine, path)}\t${path}`);
}

function sizeBelow(machine: SimulatedMachine, path: string): number {
  const own = machine.look(path)?.size ?? 0;
  const below = machine.list(path).map((name) => sizeBelow(machine, `${path}/${name}`));
  return below.reduce((sum, one) => sum + one, own);
}

const usedBySystem = 9_000_000_000;

/** `df --output=COLUMNS -B1 PATH`. */
function df({ machine, words }: Call) {
  const columns = (option(words, '--output') ?? 'source,size,used,avail,pcent,target').split(',');
  const path = operands(words)[0] ?? '/';
  const mount = mountAt(machine, path);
  if (machine.look(path) === undefined || mount === undefined) {
    return refused(1, `df: ${path}: No such file or directory`);
  }
  const used = mount.path === '/' ? Math.min(usedBySystem, mount.size) : 0;
  const avail = machine.troubles.diskFull ? 0 : Math.floor((mount.size - used) * 0.95);
  const row: Readonly<Record<string, string | number>> = {
    source: mount.device,
    fstype: mount.filesystem,
    size: mount.size,
    used,
    avail,
    pcent: `${Math.round((used / mount.size) * 100)}%`,
    target: mount.path,
  };
  const titles: Readonly<Record<string, string>> = { avail: 'Avail', size: '1B-blocks', target: 'Mounted on' };
  return said(columns.map((one) => titles[one] ?? one).join(' '), columns.map((one) => row[one] ?? '-').join(' '));
}
