import { takeLock } from '#adapters/run-lock';
import { systemClock } from '#adapters/system-clock';
import { Fault } from '#engine/fault';
import { reach } from '#engine/reach';
import type { Unit } from '#engine/run';
import type { Entry } from '#ports/journal';
import { type History, historyOf } from '#report/history';
import { planScreen } from '#report/plan-screen';
import type { Call } from './call.ts';
import { confirm } from './confirm.ts';
import { refuseElsewhere } from './elsewhere.ts';
import { worldHere } from './here.ts';
import { requireCluster } from './own-cluster.ts';
import { inspect } from './plan.ts';
import { pruneConsents } from './prune.ts';
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
    requireCluster(units, call);
    const world = await worldHere(site, call, 'apply');
    refuseElsewhere(units, reach(units, world), world);
    const signal = call.interruption();
    const refused = await agree(site, units, call, { signal, history });
    if (refused !== undefined) return refused;
    const choose = (all: readonly Unit[]) => chosen(all, options.texts('only'), options.text('from'));
    const result = await walk(site, world, call, { command: 'apply', choose, signal });
    return result.exitCode;
  } finally {
    lock.release();
  }
}

/** Shows the same list as `plan` does, and asks; an exit code when the machine itself is in the way. */
export async function agree(
  site: GivenSite,
  units: readonly Unit[],
  call: Call,
  { signal, history }: { readonly signal: AbortSignal; readonly history: History },
): Promise<number | undefined> {
  const { terminal, options } = call;
  const agreed = pruneConsents(options, site.catalog);
  const looked = await inspect(site, await worldHere(site, call, 'inspect'), signal, units, agreed);
  signal.throwIfAborted();
  terminal.tell(planScreen(looked.entries, { history, paint: terminal.tellPaint, columns: terminal.columns }));
  // The run would stop before its first change: nobody is asked to agree to what cannot be made.
  const unfit = looked.entries.filter(
    (one) => one.event === 'failed' && (isGuard(one.step) || inTheWay.has(one.fault.code)),
  );
  if (unfit.length > 0) {
    for (const entry of unfit) terminal.json({ version: 1, ...entry });
    terminal.tell(`nothing was changed: ${whatIsUnfit(unfit)}\n`);
    return looked.exitCode;
  }
  if (looked.changed > 0)
    await confirm(terminal, { yes: options.flag('yes'), question: 'Shall these changes be made?' });
  return undefined;
}

/** What no run gets past, and what would leave half a component behind when it is met in the middle. */
const inTheWay = new Set(['STORAGE-CLASS-AMBIGUOUS']);

/** Steps that only look, and are there to stop what must not be begun. */
function isGuard(step: string): boolean {
  return /^(preflight|upgrade)\/|\/versions$/.test(step);
}

function whatIsUnfit(entries: readonly Entry[]): string {
  const isMachine = entries.some((one) => one.event === 'failed' && /^preflight\/(?!versions$)/.test(one.step));
  return isMachine ? 'this machine is not fit for the profile yet' : 'the cluster is not fit for that yet';
}

/** The units of the phases that were asked for. Whatever they are, versions are compared before. */
export function chosen(units: readonly Unit[], only: readonly string[], from: string | undefined): readonly Unit[] {
  const ids = [...new Set(units.map((unit) => unit.phase.id))];
  for (const asked of [...only, ...(from === undefined ? [] : [from])])
    if (!ids.includes(asked)) throw unknownPhase(asked, ids);
  const first = from === undefined ? 0 : ids.indexOf(from);
  const isAsked = (id: string) => (only.length === 0 || only.includes(id)) && ids.indexOf(id) >= first;
  const asked = units.filter(({ phase }) => isAsked(phase.id));
  const needsCluster = asked.some(({ phase }) => ids.indexOf(phase.id) > ids.indexOf('k3s'));
  return isAsked('k3s') || !needsCluster ? asked : [...versionsOnly(units), ...asked];
}

/** Of k3s nothing but the look at what is installed. */
function versionsOnly(units: readonly Unit[]): readonly Unit[] {
  return units.flatMap(({ phase, host }) => {
    const steps = phase.steps.filter(({ id }) => id === 'k3s/versions');
    return steps.length === 0 ? [] : [{ host, phase: { ...phase, steps } }];
  });
}

function unknownPhase(asked: string, known: readonly string[]): Fault {
  return new Fault({
    code: 'USAGE',
    message: `there is no phase called ${asked}`,
    evidence: known,
    remedy: [`novasphere apply --help`, `name one of: ${known.join(', ')}`],
  });
}
