import type { Filling } from './filling.ts';
import { type Finding, finding } from './finding.ts';
import type { DisksSeen } from './seen.ts';

/** CDI waits for the claim that a disk is to be a copy of, and does not tell anybody. */
export function copySourceGone(
  { name }: { readonly name: string },
  filling: Filling,
  seen: DisksSeen,
): Finding | undefined {
  const source = filling.kind === 'filled' ? filling.copyOf : undefined;
  if (source === undefined || seen.claim(source) !== undefined) return undefined;
  const message =
    `the disk \`${name}\` is to be a copy of the claim \`${source}\`, which is not there; ` +
    `create it, or correct spec.disks[${name}].source.pvc`;
  return finding('ClaimNotFound', message);
}
