import type { KubeObject } from '#kube/object';
import type { WukongSnapshot } from '../../api/wukong-snapshot.ts';
import { conditionOf } from '../wukong/conditions.ts';
import type { Outlook } from './outlook.ts';
import { deadlineOf } from './snapshot-object.ts';

type Standing = Omit<Outlook, 'take'>;

/** A volume of every machine that has cloud-init: it is made from Secrets, so nothing of it is kept. */
const seed = 'cloudinitdisk';

/** How a snapshot stands that KubeVirt has been asked for. */
export function standingOf(snapshot: WukongSnapshot, taken: KubeObject): Standing {
  const { phase, readyToUse } = taken['status'] ?? {};
  if (phase === 'Failed') return failed(snapshot, taken);
  if (phase !== 'Succeeded') return creating(taken);
  const excluded = excludedDisks(taken);
  if (excluded.length > 0) return incomplete(excluded);
  if (readyToUse === true) return { phase: 'Succeeded', reason: 'SnapshotReady', message: howTaken(taken) };
  const error = errorOf(taken);
  if (error === undefined) return progress('the disks have been kept; the storage is still storing them');
  return broken(
    'SnapshotUnusable',
    `what was kept cannot be used: ${error}; delete this WukongSnapshot, and make a new one`,
  );
}

/** Disks whose storage cannot make snapshots; KubeVirt leaves them out and calls the rest a success. */
export function excludedDisks({ status }: KubeObject): readonly string[] {
  const excluded: readonly string[] = status?.snapshotVolumes?.excludedVolumes ?? [];
  return excluded.filter((name) => name !== seed).toSorted();
}

export function includedDisks({ status }: KubeObject): readonly string[] {
  const included: readonly string[] = status?.snapshotVolumes?.includedVolumes ?? [];
  return included.toSorted();
}

function failed({ spec }: WukongSnapshot, taken: KubeObject): Standing {
  const said = conditionOf(taken, 'Failure');
  const words = said?.reason || said?.message || 'it does not say why';
  const because = errorOf(taken);
  const cause = because === undefined ? '' : ` (${because})`;
  if (!String(words).includes('deadline'))
    return broken(
      'SnapshotFailed',
      `KubeVirt has failed: ${words}${cause}; delete this WukongSnapshot, and make a new one`,
    );
  return broken(
    'DeadlineExceeded',
    `the snapshot was not taken within ${deadlineOf(spec)}${cause}: delete this WukongSnapshot, see to the storage, and make a new one, with a longer failureDeadline where the disks are large`,
  );
}

function incomplete(excluded: readonly string[]): Standing {
  const disks = excluded.map((name) => `\`${name}\``).join(', ');
  return broken(
    'VolumesExcluded',
    `${disks} could not be kept, because there is no VolumeSnapshotClass for the storage: make one for the provisioner of the storage class, or use storage that has snapshots; then delete this WukongSnapshot, and make a new one`,
  );
}

function creating(taken: KubeObject): Standing {
  const error = errorOf(taken);
  if (error !== undefined)
    return progress(`the snapshot is being taken; KubeVirt reports an error and tries again: ${error}`);
  const progressing = conditionOf(taken, 'Progressing');
  const words = progressing?.status === 'False' ? progressing.reason || progressing.message : undefined;
  return progress(words ? `the snapshot is being taken; KubeVirt says: ${words}` : 'the snapshot is being taken');
}

/** How far it can be trusted, for whoever wants to restore it. */
function howTaken({ status }: KubeObject): string {
  const indications: readonly string[] = status?.indications ?? [];
  if (!indications.includes('Online')) return 'the snapshot can be restored; it was taken while the machine was off';
  if (indications.includes('Paused')) return `${online} while the machine was paused: ${powerCut}`;
  if (indications.includes('QuiesceTimeout'))
    return `${online} while the guest did not keep still long enough: ${powerCut}`;
  if (indications.includes('NoGuestAgent')) return `${online} without a guest agent: ${powerCut}`;
  return `${online} with the file systems of the guest held still`;
}

const online = 'the snapshot can be restored; it was taken';
const powerCut = 'the disks are as after a power cut';

function errorOf({ status }: KubeObject): string | undefined {
  return status?.error?.message ?? undefined;
}

function progress(message: string): Standing {
  return { phase: 'Creating', reason: 'SnapshotInProgress', message };
}

function broken(reason: string, message: string): Standing {
  return { phase: 'Failed', reason, message };
}
