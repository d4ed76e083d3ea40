import type { Json } from '#kube/json';
import type { Wukong } from '../../../api/wukong.ts';

/** Wukongs with the same value of this label are never on one node, where they ask for anti-affinity. */
export const groupLabel = 'vm.novasphere.dev/ha-group';

const topologyKey = 'kubernetes.io/hostname';

/** core/v1 Affinity: what the user says, and beside it that the machine keeps away from others. */
export function affinityOf({ metadata, spec }: Wukong): Json | undefined {
  const own: Json | undefined = spec.scheduling?.affinity;
  if (spec.highAvailability?.antiAffinity !== true) return own;
  const group = metadata.labels?.[groupLabel];
  const apart = own?.podAntiAffinity ?? {};
  const podAntiAffinity = group === undefined ? preferring(apart) : requiring(apart, group);
  return { ...own, podAntiAffinity };
}

/** Never more than a preference without a group: the machine after the last node could not be placed. */
function preferring(apart: Json): Json {
  const labelSelector = { matchLabels: { 'app.kubernetes.io/managed-by': 'novasphere-operator' } };
  const rule = { weight: 100, podAffinityTerm: { labelSelector, topologyKey } };
  const field = 'preferredDuringSchedulingIgnoredDuringExecution';
  return { ...apart, [field]: [...(apart[field] ?? []), rule] };
}

function requiring(apart: Json, group: string): Json {
  const rule = { labelSelector: { matchLabels: { [groupLabel]: group } }, topologyKey };
  const field = 'requiredDuringSchedulingIgnoredDuringExecution';
  return { ...apart, [field]: [...(apart[field] ?? []), rule] };
}
