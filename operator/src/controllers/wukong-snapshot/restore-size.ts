import type { KubeObject } from '#kube/object';
import { Quantity } from '#kube/quantity';

const units = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** How much room all of a snapshot needs when it is restored; undefined until the storage has told it of every disk. */
export function restoreSize(volumeSnapshots: readonly KubeObject[]): string | undefined {
  const sizes = volumeSnapshots.map((one) => Quantity.read(String(one['status']?.restoreSize ?? '')));
  if (sizes.length === 0 || sizes.some((one) => one === undefined)) return undefined;
  return spelled(sizes.reduce((sum, one) => sum + BigInt(one?.asInteger ?? 0), 0n));
}

/** In the largest unit that says it exactly. */
function spelled(bytes: bigint): string {
  let [rest, unit] = [bytes, 0];
  while (rest > 0n && rest % 1024n === 0n && unit < units.length - 1) [rest, unit] = [rest / 1024n, unit + 1];
  return `${rest}${units[unit]}`;
}
