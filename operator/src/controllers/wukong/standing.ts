import type { KubeObject } from '#kube/object';
import type { Phase } from '../../api/wukong.ts';
import { conditionOf } from './conditions.ts';
import type { Verdict } from './plan.ts';

/** The phase of a Wukong and its Ready condition: two ways of telling one thing. */
export interface Standing {
  readonly phase: Phase;
  readonly ready: Verdict;
}

export interface Circumstances {
  readonly vm: KubeObject | undefined;
  readonly vmi: KubeObject | undefined;
  /** The machine's run strategy, as it is wanted. */
  readonly runStrategy: string;
  /** Why there can be no machine at all: mistakes, and refusals that no waiting mends. */
  readonly hopeless: Verdict | undefined;
  /** What the machine waits for before it can be made. */
  readonly waits: Verdict | undefined;
  /** The phase that was told before. */
  readonly before: Phase | undefined;
}

/** KubeVirt's words for a machine on its way. */
const underWay = new Set(['Provisioning', 'Starting', 'WaitingForVolumeBinding', 'WaitingForReceiver']);
const ending = new Set(['Stopping', 'Terminating']);
const broken = new Set([
  'CrashLoopBackOff',
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrorUnschedulable',
  'ErrorPvcNotFound',
  'DataVolumeError',
]);
const instanceOnItsWay = new Set(['Pending', 'Scheduling', 'Scheduled', 'WaitingForSync']);

/** Derived from what is seen; the first that fits counts. What was told before only counts where nothing is known. */
export function standingOf(about: Circumstances): Standing {
  const { vm, vmi } = about;
  if (vm === undefined) return unmade(about);
  const says: string = vm['status']?.printableStatus ?? '';
  const instance: string = vmi?.['status']?.phase ?? '';
  if (says === 'Running' || says === 'Migrating') return running(vmi);
  if (says === 'Paused') return not('Running', 'VMPaused', 'the machine is paused');
  if (says === 'Unknown' || instance === 'Unknown') return unknown('Error', 'KubeVirt has lost sight of the machine');
  if (broken.has(says)) return not('Error', 'VMFailed', failureOf(about, says));
  if (isDown(about, says, instance)) return not('Stopped', 'VMStopped', stoppedBecause(about));
  if (instance === 'Failed') return not('Error', 'VMFailed', 'KubeVirt says that the instance has failed');
  if (['', 'Stopped'].includes(says) || underWay.has(says) || ending.has(says) || instanceOnItsWay.has(instance))
    return not('Creating', 'VMStarting', says === '' ? 'KubeVirt has not said anything yet' : `KubeVirt says ${says}`);
  // A word of a later KubeVirt is no reason to call a machine broken.
  return unknown(about.before ?? 'Creating', `KubeVirt says ${says}, which is not known here`);
}

function unmade({ hopeless, waits }: Circumstances): Standing {
  if (hopeless !== undefined) return { phase: 'Error', ready: hopeless };
  if (waits !== undefined) return { phase: 'Creating', ready: waits };
  return not('Creating', 'VMStarting', 'the machine is being made');
}

function running(vmi: KubeObject | undefined): Standing {
  if (conditionOf(vmi, 'Ready')?.status !== 'True')
    return not('Running', 'VMStarting', 'the machine runs, but is not ready');
  return { phase: 'Running', ready: { status: 'True', reason: 'VMRunning', message: 'the machine runs' } };
}

/** Why KubeVirt calls it broken, in its own words where it has any; the instance knows best what it waits for. */
function failureOf({ vm, vmi }: Circumstances, says: string): string {
  const refused = ['PodScheduled', 'Synchronized'].map((type) => conditionOf(vmi, type));
  const told = [
    ...refused.filter((one) => one?.status === 'False'),
    conditionOf(vm, 'Failure'),
    conditionOf(vm, 'Ready'),
  ]
    .map((one) => one?.message)
    .find((message) => typeof message === 'string' && message !== '');
  return told === undefined ? `KubeVirt says ${says}` : `KubeVirt says ${says}: ${told}`;
}

/** Whether it stands still as is wanted: off, never started, or its guest has ended by itself and may. */
function isDown({ runStrategy }: Circumstances, says: string, instance: string): boolean {
  const still = says === 'Stopped' || ending.has(says) || (says === '' && ['', 'Succeeded'].includes(instance));
  if (!still) return false;
  if (runStrategy === 'RerunOnFailure') return says === 'Stopped' && instance === 'Succeeded';
  return runStrategy !== 'Always';
}

function stoppedBecause({ runStrategy }: Circumstances): string {
  if (runStrategy === 'Halted') return 'the machine is off, as asked';
  if (runStrategy === 'Manual')
    return 'the machine is not started by itself: set spec.power to On, or start it by hand';
  return 'the guest has shut down by itself';
}

function not(phase: Phase, reason: string, message: string): Standing {
  return { phase, ready: { status: 'False', reason, message } };
}

function unknown(phase: Phase, message: string): Standing {
  return { phase, ready: { status: 'Unknown', reason: 'VMStateUnknown', message } };
}
