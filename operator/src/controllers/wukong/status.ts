import type { KubeObject } from '#kube/object';
import {
  type Condition,
  claimName,
  type NetworkStatus,
  type Phase,
  type VolumeStatus,
  vmName,
  type Wukong,
  type WukongStatus,
} from '../../api/wukong.ts';
import type { Observed } from './observe.ts';

/** What went wrong while applying, when anything did. */
export interface ApplyTrouble {
  readonly terminal: boolean;
  readonly message: string;
}

/** The whole status, as a pure function of what was seen; `now` is an ISO time for conditions that turn over. */
export function statusOf(wukong: Wukong, observed: Observed, now: string, trouble?: ApplyTrouble): WukongStatus {
  const volumes = wukong.spec.disks.map((disk) => volumeOf(wukong, disk, observed));
  const phase = phaseOf(wukong, observed, trouble);
  const vmStatus: string | undefined = observed.vm?.['status']?.printableStatus;
  const nodeName: string | undefined = observed.vmi?.['status']?.nodeName;
  return {
    phase,
    observedGeneration: wukong.metadata.generation ?? 1,
    vmName: vmName(wukong),
    ...(vmStatus === undefined ? {} : { vmStatus }),
    ...(nodeName === undefined ? {} : { nodeName }),
    networks: networksOf(observed.vmi),
    volumes,
    conditions: conditions(wukong, observed, { phase, volumes, now, trouble }),
  };
}

const creating = new Set([
  'Provisioning',
  'Starting',
  'WaitingForVolumeBinding',
  'WaitingForReceiver',
  'Stopping',
  'Terminating',
]);
const broken = /^(CrashLoopBackOff|ErrImagePull|ImagePullBackOff|ErrorUnschedulable|ErrorPvcNotFound|DataVolumeError)$/;

/** First match wins. The phase is only ever derived, never read as input. */
function phaseOf(wukong: Wukong, { vm, vmi }: Observed, trouble: ApplyTrouble | undefined): Phase {
  const printable: string = vm?.['status']?.printableStatus ?? '';
  const isOff = wukong.spec.power === 'Off';
  if (vm === undefined) return trouble?.terminal === true ? 'Error' : 'Creating';
  if (vmi?.['status']?.phase === 'Failed' || vmi?.['status']?.phase === 'Unknown' || broken.test(printable))
    return 'Error';
  if (printable === 'Running' || printable === 'Migrating' || printable === 'Paused') return 'Running';
  if (printable === 'Stopped' && isOff) return 'Stopped';
  if (creating.has(printable)) return isOff && printable.startsWith('Stop') ? 'Stopped' : 'Creating';
  return isOff && vmi === undefined ? 'Stopped' : 'Creating';
}

function volumeOf(wukong: Wukong, disk: { readonly name: string }, { claims, dataVolumes }: Observed): VolumeStatus {
  const claim = claims.get(disk.name);
  const filled = dataVolumes.get(disk.name)?.['status'];
  const capacity: string | undefined = claim?.['status']?.capacity?.storage;
  return {
    name: disk.name,
    pvcName: claimName(wukong, disk),
    bound: claim?.['status']?.phase === 'Bound',
    ...(filled?.phase === undefined ? {} : { phase: filled.phase }),
    ...(filled?.progress === undefined ? {} : { progress: filled.progress }),
    ...(capacity === undefined ? {} : { capacity }),
  };
}

function networksOf(vmi: KubeObject | undefined): readonly NetworkStatus[] {
  const interfaces: readonly { name?: string; ipAddress?: string; mac?: string; interfaceName?: string }[] =
    vmi?.['status']?.interfaces ?? [];
  return interfaces.flatMap(({ name, ipAddress, mac, interfaceName }) =>
    name === undefined
      ? []
      : [
          {
            name,
            ...(ipAddress === undefined ? {} : { ipAddress }),
            ...(mac === undefined ? {} : { macAddress: mac }),
            ...(interfaceName === undefined ? {} : { interface: interfaceName }),
          },
        ],
  );
}

interface Findings {
  readonly phase: Phase;
  readonly volumes: readonly VolumeStatus[];
  readonly now: string;
  readonly trouble: ApplyTrouble | undefined;
}

type Claim = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

function conditions(wukong: Wukong, observed: Observed, findings: Findings): readonly Condition[] {
  const { trouble } = findings;
  const synced: Claim =
    trouble === undefined
      ? { type: 'VMSynced', status: 'True', reason: 'Applied', message: 'everything that is wanted has been applied' }
      : { type: 'VMSynced', status: 'False', reason: 'ApplyFailed', message: trouble.message };
  const valid: Claim =
    trouble?.terminal === true
      ? { type: 'SpecValid', status: 'False', reason: 'InvalidSpec', message: trouble.message }
      : { type: 'SpecValid', status: 'True', reason: 'Accepted', message: 'the specification is accepted' };
  const claims = [readyClaim(observed, findings), valid, volumesClaim(findings), synced];
  return claims.map((claim) => stamped(claim, wukong, findings.now));
}

function readyClaim({ vm, vmi }: Observed, { phase, volumes }: Findings): Claim {
  const printable: string = vm?.['status']?.printableStatus ?? 'absent';
  const isReady = (vmi?.['status']?.conditions ?? []).some(
    (one: Claim) => (one.type as string) === 'Ready' && one.status === 'True',
  );
  if (phase === 'Running' && isReady)
    return { type: 'Ready', status: 'True', reason: 'VMRunning', message: 'the machine runs' };
  if (phase === 'Stopped')
    return { type: 'Ready', status: 'False', reason: 'VMStopped', message: 'the machine is off, as asked' };
  if (phase === 'Error')
    return { type: 'Ready', status: 'False', reason: 'VMFailed', message: `KubeVirt says ${printable}` };
  const open = volumes.filter((volume) => !volume.bound).map((volume) => volume.name);
  if (open.length > 0)
    return {
      type: 'Ready',
      status: 'False',
      reason: 'WaitingForVolumes',
      message: `disks not bound yet: ${open.join(', ')}`,
    };
  return { type: 'Ready', status: 'False', reason: 'VMStarting', message: `KubeVirt says ${printable}` };
}

function volumesClaim({ volumes }: Findings): Claim {
  const open = volumes.filter(
    (volume) => !volume.bound || (volume.phase !== undefined && volume.phase !== 'Succeeded'),
  );
  if (open.length === 0)
    return {
      type: 'VolumesBound',
      status: 'True',
      reason: 'VolumesReady',
      message: `${volumes.length} of ${volumes.length} disks ready`,
    };
  const told = open.map((volume) => `${volume.name} (${volume.phase ?? 'not bound'})`).join(', ');
  return { type: 'VolumesBound', status: 'False', reason: 'Provisioning', message: `waiting for ${told}` };
}

/** Keeps the time of a condition whose status has not turned over. */
function stamped(claim: Claim, wukong: Wukong, now: string): Condition {
  const before = wukong.status?.conditions?.find((one) => one.type === claim.type);
  const lastTransitionTime = before !== undefined && before.status === claim.status ? before.lastTransitionTime : now;
  return { ...claim, observedGeneration: wukong.metadata.generation ?? 1, lastTransitionTime };
}
