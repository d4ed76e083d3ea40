import type { KubeObject } from '#kube/object';
import { claimName, type Wukong } from '../../api/wukong.ts';
import type { Again } from '../../runtime/work-queue.ts';
import { applyAll, type Outcome } from './apply.ts';
import { depart } from './depart.ts';
import { hold, isHeld } from './finalizer.ts';
import { changesTold, turnsTold } from './happenings.ts';
import { pauseWanted } from './machine/pause.ts';
import { pendingRestart } from './machine/pending-restart.ts';
import { runStrategyOf } from './machine/run-strategy.ts';
import { networkStatuses } from './networks/statuses.ts';
import { type Observed, observe } from './observe.ts';
import type { Pass } from './pass.ts';
import { setPaused, setRunStrategy } from './power.ts';
import { retire } from './retire.ts';
import { type Situation, statusOf } from './status.ts';
import type { Trouble } from './trouble.ts';
import { type Wanted, wantedOf } from './wanted.ts';
import { writeStatus } from './write-status.ts';

/** For a copy that lags behind; what it waits for comes sooner. */
const outdated = 1000;
/** Nobody tells when an object that is in the way, and is not ours, goes away. */
const lookForConflicts = 60_000;

/** One pass for one Wukong: observe → plan → apply the difference → status. Sends nothing when nothing differs. */
export async function reconcile(key: string, pass: Pass): Promise<Again> {
  const [namespace = '', name = ''] = key.split('/');
  const wukong = pass.sight.get('Wukong', namespace, name) as Wukong | undefined;
  if (wukong === undefined) return {};
  if (wukong.metadata.deletionTimestamp !== undefined) return depart(wukong, pass);
  // Its newer state is on its way, and calls again.
  if (!isHeld(wukong) && !(await hold(pass.client, wukong, pass.signal))) return { after: outdated };
  const seen = await observe(wukong, pass);
  const wanted = wantedOf(wukong, seen);
  const outcomes = await realise(wukong, seen, wanted, pass);
  for (const happening of changesTold(outcomes)) pass.tell(wukong, happening);
  const troubles = outcomes.flatMap(({ trouble }) => trouble ?? []);
  // What has just been changed is told of by its watch, and then seen: a status of before would be outdated at once.
  if (troubles.length === 0 && outcomes.some(({ change }) => change !== undefined)) return {};
  const status = statusOf(wukong, situationOf(wukong, seen, wanted, troubles), pass.now());
  for (const happening of turnsTold(wukong.status, status)) pass.tell(wukong, happening);
  await writeStatus(wukong, status, pass);
  return outlookOf(troubles);
}

async function realise(wukong: Wukong, seen: Observed, wanted: Wanted, pass: Pass): Promise<readonly Outcome[]> {
  const { uid } = wukong.metadata;
  const fillers = wukong.spec.disks.map((disk) => seen.disks.dataVolume(claimName(wukong, disk)));
  const owners = [uid, seen.vm?.metadata.uid, ...fillers.map((one) => one?.metadata.uid)];
  const applying = { ...pass, owners };
  const parts = await applyAll(wanted.parts, applying);
  const whole = parts.every(({ trouble }) => trouble === undefined);
  const machine = whole && wanted.machine !== undefined ? await applyAll([wanted.machine], applying) : [];
  // The switch works whatever else is wrong with the Wukong.
  if (machine.length === 0 && seen.vm !== undefined && !wanted.restore.hold) await power(wukong, seen.vm, pass);
  if (!wanted.restore.hold) await pause(wukong, seen, pass);
  await retire(wukong, seen, wanted, pass);
  return [...parts, ...machine];
}

async function power(wukong: Wukong, vm: KubeObject, { client, signal }: Pass): Promise<void> {
  const wanted = runStrategyOf(wukong);
  if (vm['spec']?.runStrategy !== wanted) await setRunStrategy(client, vm, wanted, signal);
}

async function pause(wukong: Wukong, { vmi }: Observed, { client, signal }: Pass): Promise<void> {
  const action = pauseWanted(wukong, vmi);
  if (vmi !== undefined && action !== undefined) await setPaused(client, vmi, action, signal);
}

function situationOf(wukong: Wukong, seen: Observed, wanted: Wanted, troubles: readonly Trouble[]): Situation {
  const { vm, vmi } = seen;
  const { restore, networks } = wanted;
  const waiting = vm === undefined ? [] : pendingRestart(vm, vmi);
  return {
    ...wanted,
    vm,
    vmi,
    troubles,
    runStrategy: runStrategyOf(wukong),
    networkStatuses: networkStatuses(wukong, networks, vmi),
    ...(restore.verdict === undefined ? {} : { held: restore.verdict }),
    ...(waiting.length === 0
      ? {}
      : { waitsForRestart: `takes effect when the machine restarts: ${waiting.join(', ')}` }),
    ...(restore.restored === undefined ? {} : { restoredFromSnapshot: restore.restored }),
  };
}

function outlookOf(troubles: readonly Trouble[]): Again {
  const passing = troubles.find(({ terminal, reason }) => !terminal && !reason.endsWith('Conflict'));
  if (passing !== undefined) throw new Error(passing.message);
  return troubles.some(({ reason }) => reason.endsWith('Conflict')) ? { after: lookForConflicts } : {};
}
