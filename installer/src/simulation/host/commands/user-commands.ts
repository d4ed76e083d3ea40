import type { SimulatedMachine } from '../simulated-machine.ts';
import { type Call, option, refused, said, type Teaching } from './teaching.ts';

export const userCommands: readonly Teaching[] = [
  { command: ['getent', 'passwd'], answer: (call) => entry(call, '/etc/passwd') },
  { command: ['getent', 'shadow'], answer: (call) => entry(call, '/etc/shadow') },
  { command: ['getent', 'group'], answer: (call) => entry(call, '/etc/group') },
  { command: ['useradd'], takes: 300, act: addUser },
  { command: ['chpasswd', '--encrypted'], takes: 100, act: setPasswords },
];

function entry({ machine, words }: Call, path: string) {
  const found = lines(machine, path).find((line) => line.startsWith(`${words[0]}:`));
  return found === undefined ? refused(2, '') : said(found);
}

/** `useradd --create-home --shell SHELL --groups GROUP,… NAME` */
function addUser({ machine, words }: Call) {
  const name = words.at(-1) ?? '';
  const users = lines(machine, '/etc/passwd');
  if (users.some((line) => line.startsWith(`${name}:`))) return refused(9, `useradd: user '${name}' already exists`);
  if (machine.troubles.diskFull) return refused(1, 'useradd: cannot open /etc/passwd');
  const id = Math.max(999, ...users.map((line) => Number(line.split(':')[2])).filter((one) => one < 60_000)) + 1;
  const home = `/home/${name}`;
  append(machine, '/etc/passwd', `${name}:x:${id}:${id}::${home}:${option(words, '--shell') ?? '/bin/sh'}`, 0o644);
  append(machine, '/etc/shadow', `${name}:!:20000:0:99999:7:::`, 0o640);
  append(machine, '/etc/group', `${name}:x:${id}:`, 0o644);
  if (words.includes('--create-home')) machine.files.makeDirectory(home, 0o750, name);
  return said();
}

/** Lines of `NAME:HASH` on standard input. */
function setPasswords({ machine, input }: Call) {
  const wanted = new Map(
    input
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.split(':')[0] ?? '', line.replace(/^[^:]*:/, '')]),
  );
  const known = lines(machine, '/etc/shadow');
  for (const name of wanted.keys()) {
    if (!known.some((line) => line.startsWith(`${name}:`))) {
      return refused(1, `chpasswd: line 1: user '${name}' does not exist`);
    }
  }
  const changed = known.map((line) => {
    const [name = '', , ...rest] = line.split(':');
    const hash = wanted.get(name);
    return hash === undefined ? line : [name, hash, ...rest].join(':');
  });
  machine.files.put('/etc/shadow', `${changed.join('\n')}\n`, 0o640);
  return said();
}

function lines(machine: SimulatedMachine, path: string): readonly string[] {
  return (machine.files.read(path) ?? '').split('\n').filter((line) => line !== '');
}

function append(machine: SimulatedMachine, path: string, line: string, mode: number): void {
  machine.files.put(path, `${[...lines(machine, path), line].join('\n')}\n`, mode);
}
