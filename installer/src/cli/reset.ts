import { takeLock } from '#adapters/run-lock';
import { systemClock } from '#adapters/system-clock';
import { Fault } from '#engine/fault';
import { firstServer } from '#phases/k3s/k3s-site';
import { volumesIn } from '#phases/reset/cluster/volumes';
import { machinesIn } from '#phases/reset/cluster/workloads';
import { isEmptied } from '#phases/reset/machine/emptied';
import type { ResetWish } from '#phases/reset/wish';
import { compileReset } from '#plan/reset-plan';
import type { World } from '#ports/world';
import { historyOf, openIntents } from '#report/history';
import { planScreen } from '#report/plan-screen';
import type { Call } from './call.ts';
import { confirmName } from './confirm-name.ts';
import { worldHere } from './here.ts';
import { givenKubeconfig } from './own-cluster.ts';
import { inspect } from './plan.ts';
import { refuseOtherSite } from './reset-binding.ts';
import { agreedTargets, type Found } from './reset-consent.ts';
import { tellRemaining } from './reset-remaining.ts';
import { type GivenSite, givenSite } from './site.ts';
import { stateOf } from './state.ts';
import { walk } from './walk.ts';

/** `novasphere reset PROFILE`: shows what goes and what would be lost with it, has it named, and takes it off. */
export async function reset(call: Call): Promise<number> {
  const { words, terminal } = call;
  const site = await givenSite(words[0] as string, terminal);
  const lock = takeLock(stateOf(terminal).path, { command: 'reset', now: systemClock().now() });
  try {
    if (lock.tookOver !== undefined) terminal.tell(`${lock.tookOver}\n`);
    return await takeOff(site, call);
  } finally {
    lock.release();
  }
}

async function takeOff(site: GivenSite, call: Call): Promise<number> {
  const { terminal, options } = call;
  // A journal that this version cannot read keeps everything from beginning.
  const past = stateOf(terminal).all();
  const history = historyOf(past);
  const world = await worldHere(site, call, 'apply', false);
  const wish = wishOf(site, world, call);
  const planFor = () => compileReset(site.profile, site.catalog, wish);
  const signal = call.interruption();
  const found = await workloads(site, world, wish);
  const consents = agreed(site, call, found, openIntents(past));
  const looked = await inspect(site, world, signal, planFor().units);
  signal.throwIfAborted();
  terminal.tell(planScreen(looked.entries, { history, paint: terminal.tellPaint, columns: terminal.columns }));
  if (looked.exitCode !== 0) return refused(looked, call);
  if (looked.changed > 0) {
    await confirmName(terminal, { name: site.profile.metadata.name, given: options.text('yesRemove') });
    const result = await walk(site, world, call, { command: 'reset', planFor, consents, choose: (all) => all, signal });
    if (result.outcome !== 'done') return result.exitCode;
  }
  await tellRemaining(site, world, wish, terminal);
  return 0;
}

/** What may be lost: what the command line names, and what a run that was cut had named. */
function agreed({ file }: GivenSite, { options }: Call, found: Found, begun: ReadonlySet<string>): ReadonlySet<string> {
  const named = {
    machines: options.texts('withVm'),
    volumes: options.texts('withVolume'),
    all: options.number('withAllVolumes'),
    keepData: options.flag('keepData'),
  };
  return agreedTargets(found, named, { file, begun });
}

async function workloads(site: GivenSite, world: World, { reach }: ResetWish): Promise<Found> {
  const host = world.host(firstServer(site).name);
  const isGone = reach === 'machine' || (host !== undefined && (await isEmptied(host)));
  if (isGone) return { machines: [], volumes: [] };
  await refuseOtherSite(site, world.cluster);
  const volumes = (await volumesIn(world.cluster)).filter(({ isTrial }) => !isTrial);
  return { machines: await machinesIn(world.cluster), volumes };
}

function wishOf(site: GivenSite, world: World, call: Call): ResetWish {
  const { options } = call;
  const about = { keepData: options.flag('keepData'), clusterIsLost: options.flag('hostOnly') };
  const first = world.host(firstServer(site).name);
  const isFirst = first !== undefined && first.outOfReach !== true;
  if (givenKubeconfig(call) === undefined || isFirst) {
    return { ...about, reach: isFirst && !about.clusterIsLost ? 'machine and cluster' : 'machine' };
  }
  if (about.clusterIsLost) throw nothingLeft();
  return { ...about, reach: 'cluster' };
}

function nothingLeft(): Fault {
  return new Fault({
    code: 'USAGE',
    message: '--host-only leaves out the cluster, and --kubeconfig leaves out this machine',
    remedy: ['novasphere reset --help', 'leave one of them out'],
  });
}

/** Nobody is asked to agree to what would stop half way. */
function refused(looked: Awaited<ReturnType<typeof inspect>>, { terminal }: Call): number {
  for (const entry of looked.entries) if (entry.event === 'failed') terminal.json({ version: 1, ...entry });
  terminal.tell('nothing was removed: something is in the way\n');
  return looked.exitCode;
}
