import { synchronizeSoon } from './clock-sync.ts';
import { startK3s, stopK3s } from './k3s.ts';
import type { SimulatedMachine } from './simulated-machine.ts';
import type { Unit } from './state.ts';

/** How systemctl refuses: its exit code and what it says. */
export interface Refusal {
  readonly exitCode: number;
  readonly said: string;
}

const folders = ['/etc/systemd/system', '/usr/lib/systemd/system', '/run/systemd/system'];

export function unitName(name: string): string {
  return /\.(service|socket|timer|target|mount|swap|slice|path|scope)$/.test(name) ? name : `${name}.service`;
}

/** A unit that a package brought, or that has a file; undefined for what systemd has never heard of. */
export function unitAt(machine: SimulatedMachine, name: string): Unit | undefined {
  const own = unitName(name);
  const known = machine.units.get(own);
  if (known !== undefined || unitFile(machine, own) === undefined) return known;
  const unit: Unit = { enablement: 'disabled', active: 'inactive' };
  machine.units.set(own, unit);
  return unit;
}

export function unitFile(machine: SimulatedMachine, name: string): string | undefined {
  return folders.map((folder) => machine.files.read(`${folder}/${unitName(name)}`)).find((text) => text !== undefined);
}

export function isActive(machine: SimulatedMachine, name: string): boolean {
  return machine.on && machine.units.get(unitName(name))?.active === 'active';
}

export function isEnabled(machine: SimulatedMachine, name: string): boolean {
  return machine.units.get(unitName(name))?.enablement === 'enabled';
}

/** Ends when the unit says that it is ready. Undefined when that went well. */
export async function startUnit(machine: SimulatedMachine, name: string): Promise<Refusal | undefined> {
  const own = unitName(name);
  const unit = unitAt(machine, own);
  if (unit === undefined) return notFound('start', own);
  if (unit.enablement === 'masked') return { exitCode: 1, said: `Failed to start ${own}: Unit ${own} is masked.` };
  if (unit.active === 'active') return undefined;
  const { bootId } = machine;
  unit.active = 'activating';
  unit.starts = (unit.starts ?? 0) + 1;
  const { starts } = unit;
  const reason = await start(machine, own);
  // The power went, or somebody stopped it meanwhile.
  if (!machine.on || machine.bootId !== bootId || unit.active !== 'activating' || unit.starts !== starts)
    return undefined;
  unit.active = reason === undefined ? 'active' : 'failed';
  tell(machine, own, unit, reason);
  if (reason !== undefined) return failedToStart(own);
  if (/^(chrony|systemd-timesyncd)\.service$/.test(own)) synchronizeSoon(machine);
  machine.tellUnit(own, 'started');
  return undefined;
}

export function stopUnit(machine: SimulatedMachine, name: string): Refusal | undefined {
  const own = unitName(name);
  const unit = unitAt(machine, own);
  if (unit === undefined) return own.endsWith('.slice') ? undefined : notFound('stop', own);
  const wasActive = unit.active === 'active' || unit.active === 'activating';
  unit.active = 'inactive';
  if (!wasActive) return undefined;
  if (isK3s(own)) stopK3s(machine);
  machine.tellUnit(own, 'stopped');
  return undefined;
}

/** Forgets units whose file is gone, as `systemctl daemon-reload` does. */
export function reloadUnits(machine: SimulatedMachine): void {
  for (const [name, unit] of machine.units) {
    if (unit.active === 'inactive' && unit.enablement !== 'masked' && unitFile(machine, name) === undefined) {
      machine.units.delete(name);
    }
  }
}

export function notFound(verb: string, unit: string): Refusal {
  if (verb === 'start') return { exitCode: 5, said: `Failed to start ${unit}: Unit ${unit} not found.` };
  if (verb === 'stop') return { exitCode: 5, said: `Failed to stop ${unit}: Unit ${unit} not loaded.` };
  return { exitCode: 1, said: `Failed to ${verb} unit: Unit file ${unit} does not exist.` };
}

export function isK3s(unit: string): boolean {
  return unit === 'k3s.service' || unit === 'k3s-agent.service';
}

/** Why it did not start; undefined when it did. */
async function start(machine: SimulatedMachine, own: string): Promise<string | undefined> {
  if (isK3s(own)) return startK3s(machine, own);
  await machine.clock.sleep(200);
  return undefined;
}

/** Journal lines, as journalctl shows them. */
function tell({ name, clock }: SimulatedMachine, own: string, unit: Unit, reason: string | undefined): void {
  const at = new Date(clock.now()).toISOString().slice(5, 19).replace('T', ' ');
  const line = (program: string, text: string) => `${at} ${name} ${program}: ${text}`;
  const ended = [line('systemd[1]', `${own}: Main process exited, code=exited, status=1/FAILURE`)];
  const failed = reason === undefined ? [] : [line(`${own.replace('.service', '')}[912]`, reason), ...ended];
  const last = reason === undefined ? `Started ${own}.` : `Failed to start ${own}.`;
  unit.said = [...(unit.said ?? []), ...failed, line('systemd[1]', last)].slice(-100);
}

function failedToStart(unit: string): Refusal {
  const advice = `See "systemctl status ${unit}" and "journalctl -xeu ${unit}" for details.`;
  return { exitCode: 1, said: `Job for ${unit} failed because the control process exited with error code.\n${advice}` };
}
