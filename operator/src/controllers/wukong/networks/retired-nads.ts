import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../../api/wukong.ts';
import { ours } from '../ownership.ts';
import type { NetworksPlan } from '../plan.ts';

/**
 * Attachments that were made for a Wukong and that no NIC of it has any more. What the machine still names stays, be it
 * a NIC that is leaving, or one of a machine that cannot be written now: it could not start without.
 */
export function retiredNads(
  wukong: Wukong,
  plan: NetworksPlan,
  nads: readonly KubeObject[],
  vm: KubeObject | undefined,
): readonly KubeObject[] {
  const present: readonly Json[] = vm?.['spec']?.template?.spec?.networks ?? [];
  const needed = new Set([...plan.networks, ...present].map((one): string | undefined => one.multus?.networkName));
  return nads.filter((one) => ours(wukong.metadata.uid, one) !== undefined && !needed.has(one.metadata.name));
}
