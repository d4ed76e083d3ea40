import type { Json } from '#kube/json';
import { Quantity } from '#kube/quantity';
import type { Core } from '../core.ts';
import { refuse } from '../refusal.ts';

const mark = 'storageclass.kubernetes.io/is-default-class';

/** What the DefaultStorageClass and StorageObjectInUseProtection plugins add to a new claim. */
export function claimAdmission(core: Core, claim: Json): Json {
  const finalizers: readonly string[] = claim.metadata.finalizers ?? [];
  const protection = 'kubernetes.io/pvc-protection';
  const metadata = finalizers.includes(protection)
    ? claim.metadata
    : { ...claim.metadata, finalizers: [...finalizers, protection] };
  if (claim.spec.storageClassName !== undefined) return { ...claim, metadata };
  const classes = core.store.list('storage.k8s.io/storageclasses');
  const defaults = classes.filter((one) => one.metadata.annotations?.[mark] === 'true');
  // The newest default wins, as in the real plugin.
  const chosen = defaults.sort(newer).at(0)?.metadata.name;
  return { ...claim, metadata, spec: chosen === undefined ? claim.spec : { ...claim.spec, storageClassName: chosen } };
}

/** What the PersistentVolumeClaimResize plugin refuses: more storage from a class that cannot give it. */
export function checkResize(core: Core, claim: Json, before: Json): void {
  const size = ({ spec }: Json) => Quantity.read(String(spec.resources?.requests?.storage))?.value ?? 0n;
  if (before.status?.phase !== 'Bound' || size(claim) <= size(before)) return;
  const found = core.store.get('storage.k8s.io/storageclasses', claim.spec.storageClassName ?? '');
  const kind = core.registry.of('v1', 'PersistentVolumeClaim');
  if (found?.['allowVolumeExpansion'] === true || kind === undefined) return;
  const why =
    'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize';
  throw refuse.forbidden(kind, claim.metadata.name, why);
}

function newer(one: Json, other: Json): number {
  const [a, b] = [one.metadata.creationTimestamp, other.metadata.creationTimestamp];
  if (a !== b) return a > b ? -1 : 1;
  return one.metadata.name < other.metadata.name ? -1 : 1;
}
