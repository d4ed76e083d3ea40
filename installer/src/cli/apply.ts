import { takeLock } from '#adapters/run-lock';
import { systemClock } from '#adapters/system-clock';
import { Fault } from '#engine/fault';
import type { Unit } from '#engine/run';
import { type History, historyOf } from '#report/history';
import { planScreen } from '#report/plan-screen';
import type { Call } from './call.ts';
import { confirm } from './confirm.ts';
import { worldHere } from './here.ts';
import { inspect } from './plan.ts';
import { type GivenSite, givenSite, planOf } from './site.ts';
import { stateOf } from './state.ts';
import { walk } from './walk.ts';

/** `novasphere apply PROFILE`: shows the changes, asks, and makes them. */
export async function apply(call: Call): Promise<number> {
  const { words, terminal, options } = call;
  const site = await givenSite(words[0] as string, terminal);
  const units = chosen(planOf(site).units, options.texts('only'), options.text('from'));
  const lock = takeLock(stateOf(terminal).path, { command: 'apply', now: systemClock().now() });
  try {
    if (lock.tookOver !== undefined) terminal.tell(`${lock.tookOver}\n`);
    // A journal that this version cannot read keeps everything from beginning.
    const history = historyOf(stateOf(terminal).all());
    const world = await worldHere(site, call, 'apply');
    const signal = call.interruption();
    const refused = await agree(site, units, call, { signal, history });
    if (refused !== undefined) return refused;
    const wanted = new Set(units.map((unit) => unit.phase.id));
    const result = await walk(site, world, call, { command: 'apply', isWanted: (phase) => wanted.has(phase), signal });
    return result.exitCode;
  } finally {
    lock.release();
  }
}

/** Shows the same list as `plan` does, and asks; an exit code when the machine itself is in the way. */
async function agree(
  site: GivenSite,
  units: readonly Unit[],
  call: Call,
  { signal, history }: { readonly signal: AbortSignal; readonly history: History },
): Promise<number | undefined> {
  const { terminal, options } = call;
  const looked = await inspect(site, await worldHere(site, call, 'inspect'), signal, units);
  signal.throwIfAborted();
  terminal.tell(planScreen(looked.entries, { history, paint: terminal.tellPaint, columns: terminal.columns }));
  // Preflight would stop the run at its first step: nobody is asked to agree to what cannot be made.
  const unfit = looked.entries.filter((one) => one.event === 'failed' && one.step.startsWith('preflight/'));
  if (unfit.length > 0) {
    for (const entry of unfit) terminal.json({ version: 1, ...entry });
    terminal.tell('nothing was changed: this machine is not fit for the profile yet\n');
    return looked.exitCode;
  }
  if (looked.changed > 0)
    await confirm(terminal, { yes: options.flag('yes'), question: 'Shall these changes be made?' });
  return undefined;
}

/** The units of the phases that were asked for. */
export function chosen(units: readonly Unit[], only: readonly string[], from: string | undefined): readonly Unit[] {
  const ids = [...new Set(units.map((unit) => unit.phase.id))];
  for (const asked of [...only, ...(from === undefined ? [] : [from])])
    if (!ids.includes(asked)) throw unknownPhase(asked, ids);
  const first = from === undefined ? 0 : ids.indexOf(from);
  return units.filter(({ phase }) => (only.length === 0 || only.includes(phase.id)) && ids.indexOf(phase.id) >= first);
}

function unknownPhase(asked: string, known: readonly string[]): Fault {
  return new Fault({
    code: 'USAGE',
    message: `there is no phase called ${asked}`,
    evidence: known,
    remedy: [`novasphere apply --help`, `name one of: ${known.join(', ')}`],
  });
}
