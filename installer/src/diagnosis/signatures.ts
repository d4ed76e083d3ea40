import { clusterSignatures, hostSignatures, journalSignatures, nodeSignatures } from './signatures/host.ts';
import { kubevirtSignatures } from './signatures/kubevirt.ts';
import { longhornSignatures } from './signatures/longhorn.ts';
import { longhornDiskSignatures } from './signatures/longhorn-disks.ts';
import { multusSignatures } from './signatures/multus.ts';
import { networkSignatures } from './signatures/network.ts';
import type { Signature } from './signatures/signature.ts';
import { storageSignatures } from './signatures/storage.ts';

/** All that is known, the more particular before the more general. */
export const signatures: readonly Signature[] = [
  ...multusSignatures,
  ...longhornSignatures,
  ...longhornDiskSignatures,
  ...storageSignatures.filter(({ id }) => id !== 74),
  ...kubevirtSignatures,
  ...networkSignatures,
  ...storageSignatures.filter(({ id }) => id === 74),
  ...nodeSignatures,
  ...journalSignatures,
  ...hostSignatures,
  ...clusterSignatures,
];

/** The meaning of a text, when it is one of the known ones. */
export function meaningOf(text: string): Signature | undefined {
  return signatures.find(({ pattern }) => pattern?.test(text) === true);
}

/** A signature that is recognised by a state instead of a text. */
export function signature(id: number): Signature {
  const found = signatures.find((one) => one.id === id);
  if (found === undefined) throw new Error(`there is no signature ${id}`);
  return found;
}
