import { isDeepStrictEqual } from 'node:util';
import type { Json } from '#kube/json';
import type { Condition } from '../status.ts';

/** What virt-controller compares of a machine's template and its running instance; none of it is changed live here. */
const fixed: readonly ((spec: Json) => Json)[] = [
  (spec) => spec.domain?.cpu,
  (spec) => spec.domain?.memory?.guest,
  (spec) => spec.domain?.devices?.disks ?? [],
  (spec) => spec.domain?.devices?.interfaces ?? [],
  (spec) => spec.volumes ?? [],
  (spec) => spec.networks ?? [],
];

/** The condition of a machine whose instance has become another one than the machine now describes. */
export function restartRequired(machine: Json, instance: Json, now: string): readonly (Condition & Json)[] {
  if (instance === undefined || instance.metadata.deletionTimestamp !== undefined) return [];
  const [wanted, has] = [machine.spec.template.spec, instance.spec];
  if (fixed.every((read) => isDeepStrictEqual(read(wanted), read(has)))) return [];
  const old = (machine.status?.conditions ?? []).find((one: Json) => one.type === 'RestartRequired');
  const message = 'a non-live-updatable field was changed in the template spec';
  return [old ?? { type: 'RestartRequired', status: 'True', message, lastProbeTime: null, lastTransitionTime: now }];
}
