import { grubConfig, renderGrub } from '../grub.ts';
import { canLoad, isKnownModule, loadedModules, loadModule, moduleName } from '../modules.ts';
import { initramfsPath } from '../network.ts';
import { kernelLog } from '../proc-tree.ts';
import type { SimulatedMachine } from '../simulated-machine.ts';
import { setSysctl, sysctlLines, sysctlValue } from '../sysctl.ts';
import { type Call, operands, refused, said, type Teaching } from './teaching.ts';

export const kernelCommands: readonly Teaching[] = [
  { command: ['uname'], answer: uname },
  { command: ['lsmod'], answer: ({ machine }) => lsmod(machine) },
  { command: ['dmesg'], answer: ({ machine }) => said(kernelLog(machine)) },
  { command: ['modinfo'], answer: modinfo },
  { command: ['modprobe'], takes: 50, act: modprobe },
  { command: ['sysctl', '-n'], answer: sysctlGet },
  { command: ['sysctl', '-p'], takes: 30, act: sysctlLoad, torn: (call) => sysctlLoad(call, 1) },
  { command: ['sysctl', '-w'], takes: 400, act: ({ machine, words }) => setAll(machine, words.flatMap(sysctlLines)) },
  {
    command: ['update-grub'],
    takes: 5000,
    act: ({ machine }) => written(machine, grubConfig, renderGrub(machine)),
    torn: ({ machine }) => machine.files.put(`${grubConfig}.new`, renderGrub(machine).slice(0, 20)),
  },
  {
    command: ['update-initramfs', '-u'],
    takes: 25_000,
    act: ({ machine }) => written(machine, initramfsPath(machine), linkFiles(machine)),
    torn: ({ machine }) => machine.files.put(`${initramfsPath(machine)}.new`, ''),
  },
];

function uname({ machine, words }: Call) {
  const { cpu, kernel } = machine.hardware;
  const answers: Readonly<Record<string, string>> = {
    '-m': cpu.architecture === 'amd64' ? 'x86_64' : 'aarch64',
    '-r': kernel.release,
    '-s': 'Linux',
    '-n': machine.name,
  };
  return said(words.map((word) => answers[word] ?? '').join(' ') || 'Linux');
}

function lsmod(machine: SimulatedMachine) {
  return said(
    'Module                  Size  Used by',
    ...loadedModules(machine).map((name) => `${name.padEnd(24)}16384  0`),
  );
}

function modinfo({ machine, words }: Call) {
  const name = words.at(-1) ?? '';
  if (!isKnownModule(machine, name)) return refused(1, `modinfo: ERROR: Module ${name} not found.`);
  const { release } = machine.hardware.kernel;
  const file = machine.builtin.has(moduleName(name)) ? '(builtin)' : `/lib/modules/${release}/kernel/${name}.ko.zst`;
  return said(`name:           ${moduleName(name)}`, `filename:       ${file}`);
}

function modprobe({ machine, words }: Call) {
  for (const name of operands(words)) {
    if (!isKnownModule(machine, name)) {
      const { release } = machine.hardware.kernel;
      return refused(1, `modprobe: FATAL: Module ${name} not found in directory /lib/modules/${release}`);
    }
    if (!canLoad(machine, name)) {
      return refused(1, `modprobe: ERROR: could not insert '${moduleName(name)}': Operation not supported`);
    }
    loadModule(machine, name);
  }
  return said();
}

function sysctlGet({ machine, words }: Call) {
  const values = words.map((key) => [key, sysctlValue(machine, key)] as const);
  const unknown = values.filter(([, value]) => value === undefined).map(([key]) => noSuchKey(key));
  const known = values.flatMap(([, value]) => value ?? []);
  return { exitCode: unknown.length > 0 ? 255 : 0, stdout: known.join('\n'), stderr: unknown.join('\n') };
}

function sysctlLoad({ machine, words }: Call, most = Number.POSITIVE_INFINITY) {
  const path = words[0] ?? '/etc/sysctl.conf';
  const text = machine.read(path);
  if (text === undefined) return refused(255, `sysctl: cannot open "${path}": No such file or directory`);
  return setAll(machine, sysctlLines(text).slice(0, most));
}

function setAll(machine: SimulatedMachine, lines: readonly (readonly [string, string])[]) {
  const unknown = lines.filter(([key, value]) => !setSysctl(machine, key, value)).map(([key]) => noSuchKey(key));
  const stdout = lines.map(([key, value]) => `${key} = ${value}`).join('\n');
  return { exitCode: unknown.length > 0 ? 255 : 0, stdout, stderr: unknown.join('\n') };
}

function noSuchKey(key: string): string {
  return `sysctl: cannot stat /proc/sys/${key.replaceAll('.', '/')}: No such file or directory`;
}

function linkFiles({ files }: SimulatedMachine): string {
  const folder = '/etc/systemd/network';
  const names = files.list(folder).filter((name) => name.endsWith('.link'));
  return names.map((name) => `# ${name}\n${files.read(`${folder}/${name}`) ?? ''}\n`).join('');
}

function written(machine: SimulatedMachine, path: string, text: string) {
  const program = path === grubConfig ? 'grub-mkconfig' : 'mkinitramfs';
  if (machine.troubles.diskFull) return refused(1, `${program}: failed to write ${path}: No space left on device`);
  machine.files.remove(`${path}.new`);
  machine.files.put(path, text, 0o600);
  return said();
}
