import { takeLock } from '#adapters/run-lock';
import { systemClock } from '#adapters/system-clock';
import { reach } from '#engine/reach';
import type { Unit } from '#engine/run';
import { proofRef } from '#phases/verbs/proof-record';
import type { Call } from './call.ts';
import { refuseElsewhere } from './elsewhere.ts';
import { worldHere } from './here.ts';
import { requireCluster } from './own-cluster.ts';
import { givenSite, planOf } from './site.ts';
import { stateOf } from './state.ts';
import { walk } from './walk.ts';

/** `novasphere verify PROFILE`: forgets that the sample VM has booted, and proves it again. */
export async function verify(call: Call): Promise<number> {
  const { words, terminal } = call;
  const site = await givenSite(words[0] as string, terminal);
  const lock = takeLock(stateOf(terminal).path, { command: 'verify', now: systemClock().now() });
  try {
    if (lock.tookOver !== undefined) terminal.tell(`${lock.tookOver}\n`);
    // A journal that this version cannot read keeps everything from beginning.
    stateOf(terminal).all();
    const choose = (units: readonly Unit[]) => units.filter(({ phase }) => phase.id === 'verify');
    const units = choose(planOf(site).units);
    requireCluster(units, call);
    const world = await worldHere(site, call, 'apply', false);
    refuseElsewhere(units, reach(units, world), world);
    await world.cluster.remove(proofRef('verify/sample-vm'));
    const result = await walk(site, world, call, {
      command: 'verify',
      choose,
      signal: call.interruption(),
    });
    return result.exitCode;
  } finally {
    lock.release();
  }
}
