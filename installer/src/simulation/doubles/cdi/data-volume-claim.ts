import type { Json } from '#kube/json';
import { quantity } from '../quantity.ts';
import type { Shelf } from '../shelf.ts';
import { defaultClass } from './storage-profiles.ts';

/** What a DataVolume asks of storage, completed from its class's profile; or why that cannot be done. */
export type Rendered = { readonly claim: Json } | { readonly error: string };

const NO_CLASS = 'PVC spec is missing accessMode and no storageClass to choose profile';
const FILESYSTEM_OVERHEAD = 0.06;

/** Whole mebibytes, with room for the file system. */
function grown(size: string): string {
  return `${Math.ceil(quantity(size) / (1 - FILESYSTEM_OVERHEAD) / 2 ** 20)}Mi`;
}

/** The spec of the claim that belongs to a DataVolume. */
export function renderClaim(volume: Json, classes: Shelf, profiles: Shelf): Rendered {
  const { pvc, storage } = volume.spec;
  if (pvc !== undefined) return { claim: pvc };
  const className = storage.storageClassName ?? defaultClass(classes)?.metadata.name;
  const known: Json = className === undefined ? undefined : profiles.get(className);
  const wanted = storage.accessModes?.[0];
  if (className === undefined && wanted === undefined) return { error: NO_CLASS };
  const sets: readonly Json[] = known?.status?.claimPropertySets ?? [];
  const fits = (one: Json) =>
    (wanted === undefined || one.accessModes.includes(wanted)) &&
    (storage.volumeMode === undefined || one.volumeMode === storage.volumeMode);
  const chosen = sets.find(fits) ?? sets[0];
  const accessModes = storage.accessModes ?? chosen?.accessModes;
  if (accessModes === undefined) {
    return { error: `no accessMode specified in StorageProfile ${className}` };
  }
  const volumeMode = storage.volumeMode ?? chosen?.volumeMode ?? 'Filesystem';
  const size = storage.resources?.requests?.storage ?? '1Gi';
  return {
    claim: {
      accessModes,
      volumeMode,
      resources: { requests: { storage: volumeMode === 'Filesystem' ? grown(size) : size } },
      ...(className !== undefined && { storageClassName: className }),
    },
  };
}

const managed = {
  app: 'containerized-data-importer',
  'app.kubernetes.io/component': 'storage',
  'app.kubernetes.io/managed-by': 'cdi-controller',
};

/** The claim of a DataVolume, owned by it and named as it is. */
export function newClaim(volume: Json, spec: Json): Json {
  const { name, namespace, uid, annotations, labels } = volume.metadata;
  const { contentType = 'kubevirt', source = {} } = volume.spec;
  const owner = { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'DataVolume', name, uid };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      namespace,
      labels: { ...labels, ...managed },
      annotations: { ...annotations, 'cdi.kubevirt.io/storage.contentType': contentType, ...sourceAnnotations(source) },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
    },
    spec,
  };
}

function sourceAnnotations(source: Json): Readonly<Record<string, string>> {
  const prefix = 'cdi.kubevirt.io/storage';
  if (source.blank !== undefined) return { [`${prefix}.import.source`]: 'none' };
  if (source.registry !== undefined) {
    const method =
      source.registry.pullMethod === undefined
        ? {}
        : { [`${prefix}.import.registryImportMethod`]: source.registry.pullMethod };
    return {
      [`${prefix}.import.source`]: 'registry',
      [`${prefix}.import.endpoint`]: source.registry.url ?? '',
      ...method,
    };
  }
  if (source.http !== undefined)
    return { [`${prefix}.import.source`]: 'http', [`${prefix}.import.endpoint`]: source.http.url };
  if (source.upload !== undefined) return { [`${prefix}.upload.target`]: '' };
  return source.pvc === undefined ? {} : { 'k8s.io/CloneRequest': `${source.pvc.namespace ?? ''}/${source.pvc.name}` };
}

/** Whether a claim waits for the first pod that uses it, and nobody asked to bind it at once. */
export function waitsForConsumer(volume: Json, claim: Json, classes: Shelf): boolean {
  if (claim.status?.phase === 'Bound') return false;
  const name = claim.spec.storageClassName ?? defaultClass(classes)?.metadata.name;
  const storageClass: Json = name === undefined ? undefined : classes.get(name);
  if (storageClass?.volumeBindingMode !== 'WaitForFirstConsumer') return false;
  return volume.metadata.annotations?.['cdi.kubevirt.io/storage.bind.immediate.requested'] === undefined;
}
