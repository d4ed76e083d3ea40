import { isDeepStrictEqual } from 'node:util';
import type { Json } from '#kube/json';
import { Quantity } from '#kube/quantity';
import type { WukongSpec } from '../../../api/wukong.ts';
import { diskEffects } from './disk-effects.ts';
import { networkEffects } from './network-effects.ts';

/**
 * When a change reaches the guest: while it runs (some by a live migration), when the machine restarts, for a new
 * machine alone, or never, because it is refused.
 */
export type Effect = 'live' | 'restart' | 'nextInstance' | 'refused';

/** The fields that have changed, by effect; in the user's words and in the order of the table. */
export type Effects = Readonly<Record<Effect, readonly string[]>>;

export interface Change {
  readonly what: string;
  readonly effect: Effect;
}

type Row = readonly [
  what: string,
  read: (spec: WukongSpec) => Json,
  effect: Effect | ((before: Json, after: Json) => Effect),
];

const grows = (before: Json, after: Json): Effect =>
  (Quantity.read(String(before))?.value ?? 0n) < (Quantity.read(String(after))?.value ?? 0n) ? 'live' : 'restart';

/** Fields that are one thing each; disks and networks are looked at one by one. */
const fields: readonly Row[] = [
  ['power', (spec) => spec.power, 'live'],
  ['cpu', (spec) => spec.cpu, grows],
  ['memory', (spec) => Quantity.read(spec.memory)?.value.toString(), grows],
  ['cpuModel', (spec) => spec.cpuModel, 'restart'],
  ['dedicatedCpu', (spec) => spec.dedicatedCpu ?? false, 'restart'],
  ['hugepages', (spec) => spec.hugepages, 'restart'],
  ['machineType', (spec) => spec.machineType, 'restart'],
  ['firmware', (spec) => spec.firmware, 'restart'],
  ['gpus', (spec) => spec.gpus ?? [], 'restart'],
  ['startStrategy', (spec) => spec.startStrategy, 'live'],
  ['highAvailability.restartPolicy', (spec) => spec.highAvailability?.restartPolicy, 'live'],
  ['highAvailability.antiAffinity', (spec) => spec.highAvailability?.antiAffinity ?? false, 'live'],
  ['highAvailability.nodeSelector', (spec) => spec.highAvailability?.nodeSelector ?? {}, 'live'],
  ['highAvailability.tolerations', (spec) => spec.highAvailability?.tolerations ?? [], 'live'],
  ['scheduling.affinity', (spec) => spec.scheduling?.affinity, 'live'],
  ['scheduling.topologySpreadConstraints', (spec) => spec.scheduling?.topologySpreadConstraints ?? [], 'restart'],
  ['scheduling.priorityClassName', (spec) => spec.scheduling?.priorityClassName, 'restart'],
  ['scheduling.schedulerName', (spec) => spec.scheduling?.schedulerName, 'restart'],
  ['evictionStrategy', (spec) => spec.evictionStrategy, 'restart'],
  ['terminationGracePeriodSeconds', (spec) => spec.terminationGracePeriodSeconds ?? 180, 'restart'],
  ['cloudInit', (spec) => spec.cloudInit, 'nextInstance'],
  ['cloudInitUser', (spec) => spec.cloudInitUser, 'nextInstance'],
  ['sshKeySecret', (spec) => spec.sshKeySecret, 'nextInstance'],
  ['restoreFromSnapshot', (spec) => spec.restoreFromSnapshot, 'live'],
];

/** What becomes of an edit of the specification of a machine that runs. */
export function effectOf(before: WukongSpec, after: WukongSpec): Effects {
  const changed = fields.flatMap(([what, read, effect]): readonly Change[] => {
    const [old, next] = [read(before), read(after)];
    if (isDeepStrictEqual(old, next)) return [];
    return [{ what, effect: typeof effect === 'function' ? effect(old, next) : effect }];
  });
  const all = [...changed, ...diskEffects(before, after), ...networkEffects(before, after)];
  const of = (effect: Effect) => all.filter((one) => one.effect === effect).map(({ what }) => what);
  return { live: of('live'), restart: of('restart'), nextInstance: of('nextInstance'), refused: of('refused') };
}

/** What a user should know of an edit that a running machine does not simply follow. */
export function effectsTold({ restart, nextInstance }: Effects): string | undefined {
  const parts = [
    ...(restart.length === 0 ? [] : [`takes effect when the machine restarts: ${restart.join(', ')}`]),
    ...(nextInstance.length === 0 ? [] : [`takes effect in a new machine alone: ${nextInstance.join(', ')}`]),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}
