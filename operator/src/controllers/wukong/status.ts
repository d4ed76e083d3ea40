import type { KubeObject } from '#kube/object';
import {
  type Condition,
  claimName,
  type NetworkStatus,
  vmName,
  type Wukong,
  type WukongStatus,
} from '../../api/wukong.ts';
import type { ApplyTrouble } from './apply.ts';
import type { Observed } from './observe.ts';
import { standingOf } from './standing.ts';
import { volumeOf, volumesBound } from './volumes.ts';

/** The whole status, as a pure function of what was seen; `now` is an ISO time for conditions that turn over. */
export function statusOf(wukong: Wukong, observed: Observed, now: string, trouble?: ApplyTrouble): WukongStatus {
  const volumes = wukong.spec.disks.map((disk) => volumeOf(disk.name, claimName(wukong, disk), observed));
  const bound = volumesBound(volumes);
  const standing = standingOf(wukong, observed, bound.open, trouble);
  const vmStatus: string | undefined = observed.vm?.['status']?.printableStatus;
  const nodeName: string | undefined = observed.vmi?.['status']?.nodeName;
  const claims: readonly Claim[] = [
    { type: 'Ready', ...standing.ready },
    { type: 'SpecValid', ...specValid(trouble) },
    { type: 'VolumesBound', ...bound.claim },
    { type: 'VMSynced', ...synced(observed.vm, trouble) },
  ];
  return {
    phase: standing.phase,
    observedGeneration: wukong.metadata.generation ?? 1,
    vmName: vmName(wukong),
    ...(vmStatus === undefined ? {} : { vmStatus }),
    ...(nodeName === undefined ? {} : { nodeName }),
    networks: networksOf(observed.vmi),
    volumes,
    conditions: claims.map((claim) => stamped(claim, wukong, now)),
  };
}

function networksOf(vmi: KubeObject | undefined): readonly NetworkStatus[] {
  const interfaces: readonly { name?: string; ipAddress?: string; mac?: string; interfaceName?: string }[] =
    vmi?.['status']?.interfaces ?? [];
  // Without a name it is something that the guest made for itself.
  const named = interfaces.flatMap(({ name, ...rest }) => (name === undefined ? [] : [{ name, ...rest }]));
  return named.map(({ name, ipAddress, mac, interfaceName }) => ({
    name,
    ...(ipAddress === undefined ? {} : { ipAddress }),
    ...(mac === undefined ? {} : { macAddress: mac }),
    ...(interfaceName === undefined ? {} : { interface: interfaceName }),
  }));
}

type Claim = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;
type Verdict = Omit<Claim, 'type'>;

function specValid(trouble: ApplyTrouble | undefined): Verdict {
  if (trouble?.terminal === true) return { status: 'False', reason: 'InvalidSpec', message: trouble.message };
  return { status: 'True', reason: 'Accepted', message: 'the specification is accepted' };
}

function synced(vm: KubeObject | undefined, trouble: ApplyTrouble | undefined): Verdict {
  if (trouble !== undefined) return { status: 'False', reason: trouble.reason, message: trouble.message };
  if (vm === undefined)
    return { status: 'Unknown', reason: 'WaitingForVolumes', message: 'the machine is made once its disks are there' };
  const conditions: readonly { type?: string; status?: string }[] = vm['status']?.conditions ?? [];
  if (conditions.some((one) => one.type === 'RestartRequired' && one.status === 'True'))
    return { status: 'False', reason: 'RestartRequired', message: 'the change takes effect when the machine restarts' };
  return { status: 'True', reason: 'Applied', message: 'everything that is wanted has been applied' };
}

/** Keeps the time of a condition whose status has not turned over. */
function stamped(claim: Claim, wukong: Wukong, now: string): Condition {
  const before = wukong.status?.conditions?.find((one) => one.type === claim.type);
  const lastTransitionTime = before !== undefined && before.status === claim.status ? before.lastTransitionTime : now;
  return { ...claim, observedGeneration: wukong.metadata.generation ?? 1, lastTransitionTime };
}
