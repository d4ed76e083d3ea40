import type { KubeObject } from '#kube/object';
import type { Condition, Phase, Wukong } from '../../api/wukong.ts';
import type { ApplyTrouble } from './apply.ts';
import type { Observed } from './observe.ts';

/** The phase of a Wukong and its Ready condition: two ways of telling one thing. */
export interface Standing {
  readonly phase: Phase;
  readonly ready: Pick<Condition, 'status' | 'reason' | 'message'>;
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

/** Derived from what is seen and never read as input; the first that fits counts. */
export function standingOf(
  wukong: Wukong,
  observed: Observed,
  openDisks: readonly string[],
  trouble: ApplyTrouble | undefined,
): Standing {
  const { vm, vmi } = observed;
  if (vm === undefined) return unmade(openDisks, trouble);
  const says: string = vm['status']?.printableStatus ?? '';
  const instance: string = vmi?.['status']?.phase ?? '';
  if (says === 'Running' || says === 'Migrating') return running(vmi);
  if (says === 'Paused') return not('Running', 'VMPaused', 'the machine is paused');
  if (says === 'Unknown' || instance === 'Unknown') return unknown('Error', 'KubeVirt has lost sight of the machine');
  if (broken.has(says)) return not('Error', 'VMFailed', `KubeVirt says ${says}`);
  if (wukong.spec.power === 'Off' && isDown(says, instance))
    return not('Stopped', 'VMStopped', 'the machine is off, as asked');
  if (instance === 'Failed') return not('Error', 'VMFailed', 'KubeVirt says that the instance has failed');
  if (['', 'Stopped'].includes(says) || underWay.has(says) || ending.has(says))
    return not('Creating', 'VMStarting', says === '' ? 'KubeVirt has not said anything yet' : `KubeVirt says ${says}`);
  // A word of a later KubeVirt is no reason to call a machine broken.
  return unknown(wukong.status?.phase ?? 'Creating', `KubeVirt says ${says}, which is not known here`);
}

function unmade(openDisks: readonly string[], trouble: ApplyTrouble | undefined): Standing {
  if (trouble?.terminal === true) return not('Error', 'InvalidSpec', trouble.message);
  if (trouble?.reason === 'MissingDependency') return not('Creating', 'MissingDependency', trouble.message);
  if (trouble !== undefined) return not('Creating', 'Pending', trouble.message);
  if (openDisks.length > 0)
    return not('Creating', 'WaitingForVolumes', `disks that are not ready: ${openDisks.join(', ')}`);
  return not('Creating', 'VMStarting', 'the machine is being made');
}

function running(vmi: KubeObject | undefined): Standing {
  const conditions: readonly { type?: string; status?: string }[] = vmi?.['status']?.conditions ?? [];
  const isReady = conditions.some((one) => one.type === 'Ready' && one.status === 'True');
  if (!isReady) return not('Running', 'VMStarting', 'the machine runs, but is not ready');
  return { phase: 'Running', ready: { status: 'True', reason: 'VMRunning', message: 'the machine runs' } };
}

function isDown(says: string, instance: string): boolean {
  return says === 'Stopped' || ending.has(says) || (says === '' && ['', 'Succeeded'].includes(instance));
}

function not(phase: Phase, reason: string, message: string): Standing {
  return { phase, ready: { status: 'False', reason, message } };
}

function unknown(phase: Phase, message: string): Standing {
  return { phase, ready: { status: 'Unknown', reason: 'VMStateUnknown', message } };
}
