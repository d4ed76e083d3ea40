import { installPackage, knowsPackage } from '../packages.ts';
import type { SimulatedMachine } from '../simulated-machine.ts';
import { type Call, operands, refused, said, type Teaching } from './teaching.ts';

const lists = '/var/lib/apt/lists/bundle_Packages';

export const packageCommands: readonly Teaching[] = [
  { command: ['dpkg-query', '-W'], answer: query },
  { command: ['dpkg', '--configure', '-a'], takes: 3000, act: configureAll },
  { command: ['apt-get'], takes: aptTime, act: apt, torn: aptTorn },
];

/** `dpkg-query -W -f=FORMAT PACKAGE…`; `\n` in the format is two characters, as dpkg-query takes it. */
function query({ machine, words }: Call) {
  const format = words.find((word) => word.startsWith('-f='))?.slice(3) ?? '${Package}\t${Version}\\n';
  const lines: string[] = [];
  const errors: string[] = [];
  for (const name of operands(words)) {
    const found = machine.packages.get(name);
    if (found === undefined) errors.push(`dpkg-query: no packages found matching ${name}`);
    else {
      const status = found.status;
      const values: Readonly<Record<string, string>> = {
        Package: name,
        Version: found.version,
        'db:Status-Status': status,
      };
      lines.push(format.replace(/\$\{([^}]+)\}/g, (_, key: string) => values[key] ?? '').replaceAll('\\n', '\n'));
    }
  }
  const stdout = lines.join('').replace(/\n$/, '');
  return { exitCode: errors.length > 0 ? 1 : 0, stdout, stderr: errors.join('\n') };
}

function configureAll({ machine }: Call) {
  for (const [name, one] of machine.packages) {
    if (one.status === 'half-configured' || one.status === 'unpacked') installPackage(machine, name, one.version);
  }
  return said();
}

function aptTime({ words }: Call): number {
  return verbOf(words).verb === 'install' ? 8000 + verbOf(words).names.length * 4000 : 1500;
}

function apt({ machine, words }: Call) {
  const { verb, names, list } = verbOf(words);
  if (verb === 'update') return update(machine, list);
  if (verb !== 'install')
    throw new Error(`simulated apt-get was not taught “${verb}”: teach it in package-commands.ts`);
  const broken = [...machine.packages.values()].some(
    (one) => one.status === 'half-configured' || one.status === 'unpacked',
  );
  if (broken)
    return refused(100, "E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem.");
  const available = stanzas(machine.files.read(lists) ?? '');
  const unknown = names.filter((name) => !available.has(name) && !knowsPackage(machine, name));
  if (unknown.length > 0) return refused(100, unknown.map((name) => `E: Unable to locate package ${name}`).join('\n'));
  if (machine.troubles.diskFull)
    return refused(100, "E: You don't have enough free space in /var/cache/apt/archives/.");
  for (const name of withNeeds(names, available)) {
    const version = available.get(name)?.version;
    if (version !== undefined && !knowsPackage(machine, name)) installPackage(machine, name, version);
  }
  return said();
}

/** The first package is unpacked and not yet set up: dpkg has to be told to go on. */
function aptTorn({ machine, words }: Call): void {
  const { verb, names } = verbOf(words);
  const [first] = names;
  const found = first === undefined ? undefined : stanzas(machine.files.read(lists) ?? '').get(first);
  if (verb !== 'install' || first === undefined || found === undefined) return;
  machine.packages.set(first, { version: found.version, status: 'half-configured' });
}

function update(machine: SimulatedMachine, list: string | undefined) {
  const line = list === undefined ? undefined : machine.files.read(list);
  const folder = /^deb (?:\[[^\]]*\] )?(?:file|copy):(?:\/\/)?(\/\S*?)\/? \.\/$/m.exec(line ?? '')?.[1];
  const index = folder === undefined ? undefined : machine.source(`${decodeURI(folder)}/Packages`)?.text;
  if (index === undefined) {
    return refused(
      100,
      `E: The repository 'file:${folder ?? '/etc/apt/sources.list'} ./ Release' does not have a Release file.`,
    );
  }
  machine.files.put(lists, index);
  return said('Reading package lists...');
}

interface Stanza {
  readonly version: string;
  readonly needs: readonly string[];
}

function stanzas(index: string): ReadonlyMap<string, Stanza> {
  return new Map(
    index.split(/\n\n+/).flatMap((stanza) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(stanza)?.[1]?.trim();
      const name = field('Package');
      const needs = (field('Depends') ?? '').split(',').flatMap((one) => /^\s*([a-z0-9.+-]+)/.exec(one)?.[1] ?? []);
      return name === undefined ? [] : [[name, { version: field('Version') ?? '0', needs }] as const];
    }),
  );
}

/** The packages with what they need from the same index, each once. */
function withNeeds(names: readonly string[], available: ReadonlyMap<string, Stanza>): readonly string[] {
  const all = new Set<string>();
  const visit = (name: string) => {
    if (all.has(name)) return;
    all.add(name);
    for (const need of available.get(name)?.needs ?? []) visit(need);
  };
  for (const name of names) visit(name);
  return [...all];
}

/** `apt-get -o KEY=VALUE … VERB PACKAGE…` */
function verbOf(words: readonly string[]) {
  const plain = words.filter((word, at) => !word.startsWith('-') && words[at - 1] !== '-o');
  const [verb = '', ...names] = plain;
  const list = words.find((word) => word.startsWith('Dir::Etc::SourceList='))?.slice('Dir::Etc::SourceList='.length);
  return { verb, names, list };
}
