import type { Answer } from '#ports/host';
import { archivesOf, imported, lacking } from '../k3s-images.ts';
import type { SimulatedMachine } from '../simulated-machine.ts';
import { isK3s, notFound, reloadUnits, startUnit, stopUnit, unitAt, unitFile, unitName } from '../systemd.ts';
import { type Call, operands, option, refused, said, type Teaching } from './teaching.ts';

const quick = 150;

export const unitCommands: readonly Teaching[] = [
  { command: ['systemctl', 'is-active'], answer: isActive },
  { command: ['systemctl', 'is-enabled'], answer: isEnabled },
  { command: ['systemctl', 'show'], answer: show },
  { command: ['journalctl', '--no-pager', '--unit'], answer: journal },
  { command: ['systemctl', 'daemon-reload'], takes: 400, act: daemonReload },
  { command: ['systemctl', 'start'], takes: quick, act: each(start), torn: tornStart },
  { command: ['systemctl', 'restart'], takes: quick, act: each(restart), torn: tornStart },
  { command: ['systemctl', 'reload-or-restart'], takes: quick, act: each(restart), torn: tornStart },
  { command: ['systemctl', 'try-restart'], takes: quick, act: each(tryRestart) },
  { command: ['systemctl', 'stop'], takes: quick, act: each(stop) },
  { command: ['systemctl', 'enable'], takes: quick, act: each(enable), torn: tornEnable },
  { command: ['systemctl', 'disable'], takes: quick, act: each(disable) },
  { command: ['systemctl', 'mask'], takes: quick, act: each(mask) },
  { command: ['systemctl', 'unmask'], takes: quick, act: each(unmask) },
];

type Deed = (machine: SimulatedMachine, unit: string, words: readonly string[]) => Answer | Promise<Answer>;

/** Does it to one unit after the other; the first refusal ends it. */
function each(deed: Deed): (call: Call) => Promise<Answer> {
  return async ({ machine, words }) => {
    for (const name of operands(words)) {
      const answer = await deed(machine, unitName(name), words);
      if (answer.exitCode !== 0) return answer;
    }
    return said();
  };
}

function isActive({ machine, words }: Call) {
  const units = operands(words).map((name) => unitAt(machine, name));
  const states = units.map((unit) => unit?.active ?? 'inactive');
  const exitCode = states.includes('active') ? 0 : units.includes(undefined) ? 4 : 3;
  return { exitCode, stdout: states.join('\n'), stderr: '' };
}

function isEnabled({ machine, words }: Call) {
  const states = operands(words).map((name) => unitAt(machine, name)?.enablement ?? 'not-found');
  const well = states.some((state) => state === 'enabled' || state === 'static');
  return { exitCode: well ? 0 : states.includes('not-found') ? 4 : 1, stdout: states.join('\n'), stderr: '' };
}

function show({ machine, words }: Call) {
  const keys = (option(words, '--property') ?? option(words, '-p') ?? 'LoadState,ActiveState,UnitFileState').split(',');
  const name = unitName(operands(words).at(-1) ?? '');
  const unit = unitAt(machine, name);
  const values: Readonly<Record<string, string>> = {
    Id: name,
    LoadState: unit === undefined ? 'not-found' : unit.enablement === 'masked' ? 'masked' : 'loaded',
    ActiveState: unit?.active ?? 'inactive',
    UnitFileState: unit?.enablement ?? '',
  };
  const bare = words.includes('--value');
  return said(...keys.map((key) => (bare ? (values[key] ?? '') : `${key}=${values[key] ?? ''}`)));
}

/** `journalctl --no-pager --unit UNIT --lines COUNT` */
function journal({ machine, words }: Call) {
  const lines = unitAt(machine, words[0] ?? '')?.said ?? [];
  return said(...(lines.length > 0 ? lines.slice(-Number(option(words, '--lines') ?? 100)) : ['-- No entries --']));
}

function daemonReload({ machine }: Call) {
  reloadUnits(machine);
  return said();
}

async function start(machine: SimulatedMachine, unit: string, words: readonly string[] = []) {
  if (words.includes('--no-block') && unitAt(machine, unit) !== undefined) {
    // How it goes on is seen in the state of the unit, as with systemd.
    void startUnit(machine, unit);
    return said();
  }
  const refusal = await startUnit(machine, unit);
  return refusal === undefined ? said() : refused(refusal.exitCode, refusal.said);
}

function stop(machine: SimulatedMachine, unit: string) {
  const refusal = stopUnit(machine, unit);
  return refusal === undefined ? said() : refused(refusal.exitCode, refusal.said);
}

async function restart(machine: SimulatedMachine, unit: string, words: readonly string[] = []) {
  if (unitAt(machine, unit) !== undefined) stopUnit(machine, unit);
  return start(machine, unit, words);
}

async function tryRestart(machine: SimulatedMachine, unit: string) {
  return unitAt(machine, unit)?.active === 'active' ? restart(machine, unit) : said();
}

function enable(machine: SimulatedMachine, name: string, words: readonly string[]) {
  const unit = unitAt(machine, name);
  if (unit === undefined) return missing('enable', name);
  if (unit.enablement === 'masked')
    return refused(1, `Failed to enable unit: Unit file /etc/systemd/system/${name} is masked.`);
  if (/^\[Install\]/m.test(unitFile(machine, name) ?? '')) unit.enablement = 'enabled';
  return words.includes('--now') ? start(machine, name) : said();
}

function disable(machine: SimulatedMachine, name: string, words: readonly string[]) {
  const unit = unitAt(machine, name);
  if (unit === undefined) return missing('disable', name);
  if (unit.enablement === 'enabled') unit.enablement = 'disabled';
  return words.includes('--now') ? stop(machine, name) : said();
}

function mask(machine: SimulatedMachine, name: string, words: readonly string[]) {
  const unit = unitAt(machine, name);
  if (unit === undefined) machine.units.set(name, { enablement: 'masked', active: 'inactive' });
  else if (unit.enablement !== 'masked') {
    unit.unmasked = unit.enablement;
    unit.enablement = 'masked';
  }
  return words.includes('--now') && unit !== undefined ? stop(machine, name) : said();
}

function unmask(machine: SimulatedMachine, name: string) {
  const unit = machine.units.get(name);
  if (unit?.enablement === 'masked') unit.enablement = unit.unmasked ?? 'disabled';
  return said();
}

function missing(verb: string, name: string) {
  const refusal = notFound(verb, name);
  return refused(refusal.exitCode, refusal.said);
}

/** Enabled, and the power went before it was started. */
function tornEnable({ machine, words }: Call): void {
  for (const name of operands(words)) void enable(machine, unitName(name), []);
}

/** k3s was unpacking images: they are in the list, and their layers are empty files. */
function tornStart({ machine, words }: Call): void {
  for (const name of operands(words).map(unitName)) {
    if (unitAt(machine, name) !== undefined) stopUnit(machine, name);
    if (!isK3s(name)) continue;
    for (const image of archivesOf(machine).flatMap((path) => lacking(machine, path)))
      machine.images.set(image.reference, { ...imported(image), torn: true });
  }
}
