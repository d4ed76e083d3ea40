import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Condition, ConditionType, Wukong } from '../../api/wukong.ts';
import { migrationHindrance } from './networks/migration.ts';
import type { Verdict } from './plan.ts';

export type Told = Verdict & { readonly type: ConditionType };

/** What is known of a condition that KubeVirt no longer reports. */
const copied: readonly (readonly [type: ConditionType, from: 'vm' | 'vmi', otherwise: 'False' | 'Unknown'])[] = [
  ['Paused', 'vmi', 'False'],
  ['LiveMigratable', 'vmi', 'Unknown'],
  ['AgentConnected', 'vmi', 'Unknown'],
  ['RestartRequired', 'vm', 'False'],
];

/** Conditions in KubeVirt's own words: one is there from the first time that KubeVirt reports it. */
export function copiedConditions(
  wukong: Wukong,
  seen: { readonly vm: KubeObject | undefined; readonly vmi: KubeObject | undefined },
): readonly Told[] {
  return copied.flatMap(([type, from, otherwise]): readonly Told[] => {
    const found = conditionOf(seen[from], type);
    const hindrance = type === 'LiveMigratable' ? migrationHindrance(wukong) : undefined;
    // KubeVirt does not know what an address, or a device, is to the guest.
    if (found?.status === 'True' && hindrance !== undefined)
      return [{ type, status: 'False', reason: 'NetworkNotMigratable', message: hindrance }];
    if (found !== undefined) {
      const { status, reason, message = '' } = found;
      return [{ type, status, reason: reason === undefined || reason === '' ? type : reason, message }];
    }
    const known = wukong.status?.conditions.some((one) => one.type === type) ?? false;
    return known
      ? [{ type, status: otherwise, reason: 'NotReported', message: 'KubeVirt does not report it now' }]
      : [];
  });
}

export function conditionOf(object: KubeObject | undefined, type: string): Json | undefined {
  const conditions: readonly Json[] = object?.['status']?.conditions ?? [];
  return conditions.find((one) => one.type === type);
}

/** With times: that of a condition whose status has not turned over stays. `now` is ISO, to the second. */
export function stamped(told: readonly Told[], wukong: Wukong, now: string): readonly Condition[] {
  const before = wukong.status?.conditions ?? [];
  return told.map((one) => {
    const known = before.find(({ type }) => type === one.type);
    const lastTransitionTime = known !== undefined && known.status === one.status ? known.lastTransitionTime : now;
    return { ...one, observedGeneration: wukong.metadata.generation ?? 1, lastTransitionTime };
  });
}
