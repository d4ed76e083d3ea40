import type { KubeObject } from '#kube/object';
import { type NetworkStatus, vmName, type Wukong, type WukongStatus } from '../../api/wukong.ts';
import { conditionOf, copiedConditions, stamped, type Told } from './conditions.ts';
import type { CloudInitPlan, DisksPlan, Mistake, NetworksPlan, Verdict } from './plan.ts';
import { standingOf } from './standing.ts';
import type { Trouble } from './trouble.ts';

/** Everything that a status is made of. */
export interface Situation {
  readonly vm: KubeObject | undefined;
  readonly vmi: KubeObject | undefined;
  readonly runStrategy: string;
  readonly networks: NetworksPlan;
  readonly disks: DisksPlan;
  readonly cloudInit: CloudInitPlan;
  readonly networkStatuses: readonly NetworkStatus[];
  readonly mistakes: readonly Mistake[];
  readonly troubles: readonly Trouble[];
  /** While storage and machine are left alone: why. */
  readonly held?: Verdict;
  /** What a change of the machine's specification waits for. */
  readonly waitsForRestart?: string;
  readonly restoredFromSnapshot?: string;
}

/** The whole status, as a pure function of what was seen; `now` is an ISO time for conditions that turn over. */
export function statusOf(wukong: Wukong, situation: Situation, now: string): WukongStatus {
  const { vm, vmi, restoredFromSnapshot } = situation;
  const standing = standingOf({ ...situation, ...outlook(situation), before: wukong.status?.phase });
  const vmStatus: string | undefined = vm?.['status']?.printableStatus;
  const nodeName: string | undefined = vmi?.['status']?.nodeName;
  const told: readonly Told[] = [
    { type: 'Ready', ...standing.ready },
    { type: 'SpecValid', ...specValid(situation) },
    {
      type: 'NetworksConfigured',
      ...(blocked(situation, 'NetworkAttachmentDefinition') ?? situation.networks.verdict),
    },
    { type: 'VolumesBound', ...(blocked(situation, 'PersistentVolumeClaim', 'DataVolume') ?? situation.disks.verdict) },
    { type: 'VMSynced', ...synced(situation) },
    ...copiedConditions(wukong, situation),
  ];
  return {
    phase: standing.phase,
    observedGeneration: wukong.metadata.generation ?? 1,
    vmName: vmName(wukong),
    ...(vmStatus === undefined ? {} : { vmStatus }),
    ...(nodeName === undefined ? {} : { nodeName }),
    ...(conditionOf(vm, 'RestartRequired')?.status === 'True' ? { restartRequired: true } : {}),
    ...(restoredFromSnapshot === undefined ? {} : { restoredFromSnapshot }),
    networks: situation.networkStatuses,
    volumes: situation.disks.statuses,
    conditions: stamped(told, wukong, now),
  };
}

/** Why there can be no machine, or what it waits for. */
function outlook(situation: Situation): {
  readonly hopeless: Verdict | undefined;
  readonly waits: Verdict | undefined;
} {
  const { mistakes, troubles, networks, disks, cloudInit, held } = situation;
  const refused = troubles.filter(({ terminal }) => terminal);
  const hopeless =
    mistakes.length > 0 || refused.length > 0
      ? no('InvalidSpec', [...mistakes, ...refused].map(({ message }) => message).join('; '))
      : undefined;
  if (held !== undefined) return { hopeless, waits: held };
  const missing = troubles.find(({ reason }) => reason === 'MissingDependency');
  if (missing !== undefined) return { hopeless, waits: no('MissingDependency', missing.message) };
  const [trouble] = troubles;
  if (trouble !== undefined) return { hopeless, waits: no('Pending', trouble.message) };
  if (!networks.ready) return { hopeless, waits: no('WaitingForNetworks', networks.verdict.message) };
  if (!disks.ready) return { hopeless, waits: no('WaitingForVolumes', disks.verdict.message) };
  return { hopeless, waits: cloudInit.waits };
}

function specValid({ mistakes, troubles, cloudInit }: Situation): Verdict {
  const refused = troubles.filter(({ terminal, reason }) => terminal && reason !== 'FieldConflict');
  const wrong = [...mistakes, ...refused];
  if (wrong.length > 0) return no(mistakes[0]?.reason ?? 'InvalidSpec', wrong.map(({ message }) => message).join('; '));
  const message = cloudInit.note ?? 'the specification is accepted';
  return { status: 'True', reason: 'Accepted', message };
}

/** What keeps objects of these kinds from being as they should. */
function blocked({ troubles }: Situation, ...kinds: readonly string[]): Verdict | undefined {
  const found = troubles.filter(({ kind }) => kinds.includes(kind));
  const [first] = found;
  return first && no(first.reason, found.map(({ message }) => message).join('; '));
}

function synced(situation: Situation): Verdict {
  const { vm, held, waitsForRestart } = situation;
  const trouble = blocked(situation, 'VirtualMachine', 'Secret');
  if (trouble !== undefined) return trouble;
  if (held !== undefined) return { ...held, status: 'False' };
  if (vm === undefined) return { status: 'Unknown', reason: 'NotMade', message: 'there is no machine yet' };
  if (conditionOf(vm, 'RestartRequired')?.status === 'True')
    return no('RestartRequired', waitsForRestart ?? 'the change takes effect when the machine restarts');
  return { status: 'True', reason: 'Applied', message: 'everything that is wanted has been applied' };
}

function no(reason: string, message: string): Verdict {
  return { status: 'False', reason, message };
}
