import type { KubeObject } from '#kube/object';
import { type Finding, finding } from './finding.ts';
import type { DisksSeen } from './seen.ts';
import { classOf } from './storage-class.ts';

/** How a claim that nobody fills stands. */
export function boundState(
  disk: { readonly name: string },
  claim: KubeObject,
  seen: DisksSeen,
): { readonly passes: boolean; readonly finding?: Finding } {
  const about = `the disk \`${disk.name}\``;
  const { name, deletionTimestamp } = claim.metadata;
  if (deletionTimestamp !== undefined)
    return open('Provisioning', `${about} has to wait: the claim \`${name}\` of that name is still being deleted`);
  const phase: string = claim['status']?.phase ?? 'Pending';
  if (phase === 'Bound') return { passes: true };
  if (phase === 'Lost')
    return open('ClaimNotFound', `${about} has lost its data: the volume of the claim \`${name}\` is gone`);
  const storageClass = classOf(claim, seen);
  if (storageClass?.['volumeBindingMode'] === 'WaitForFirstConsumer')
    return {
      passes: true,
      finding: finding('WaitingForConsumer', `${about} gets its volume once the machine starts`),
    };
  const who = storageClass === undefined ? '' : ` from the storage class ${storageClass.metadata.name}`;
  return open('Provisioning', `${about} waits for its volume${who}`);
}

function open(reason: Finding['reason'], message: string): { readonly passes: false; readonly finding: Finding } {
  return { passes: false, finding: finding(reason, message) };
}
