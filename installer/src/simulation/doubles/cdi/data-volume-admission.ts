import type { Json } from '#kube/json';
import type { AdmissionAnswer, AdmissionRequest } from '../../bench.ts';

const sources = ['blank', 'gcs', 'http', 'imageio', 'pvc', 'registry', 's3', 'snapshot', 'upload', 'vddk'];

function registryMistake(registry: Json): string | undefined {
  const { url, imageStream, pullMethod } = registry;
  if ((url === undefined) === (imageStream === undefined))
    return 'Source registry should have either URL or ImageStream';
  const scheme = url === undefined ? 'docker' : (/^([a-z][a-z0-9+.-]*):/.exec(url)?.[1] ?? '');
  if (scheme !== 'docker' && scheme !== 'oci-archive') return `Illegal registry source URL scheme ${url}`;
  if (pullMethod !== undefined && pullMethod !== 'pod' && pullMethod !== 'node')
    return `ImportMethod ${pullMethod} is neither pod, node or ""`;
  if (imageStream !== undefined && pullMethod !== 'node')
    return 'Source registry ImageStream is supported only with node pull import method';
  return undefined;
}

function sourceMistake(spec: Json): string | undefined {
  if (spec.source === undefined) {
    if (spec.sourceRef !== undefined) return undefined;
    return 'Data volume should have either Source or SourceRef, or be externally populated';
  }
  const given = sources.filter((name) => spec.source[name] !== undefined);
  if (given.length === 0) return 'Missing dataVolume valid source';
  if (given.length > 1) return 'Multiple dataVolume sources';
  return spec.source.registry === undefined ? undefined : registryMistake(spec.source.registry);
}

function targetMistake(spec: Json): string | undefined {
  if (spec.pvc === undefined && spec.storage === undefined) return 'Missing Data volume PVC';
  if (spec.pvc !== undefined && spec.storage !== undefined)
    return 'Duplicate storage definition, both target storage and target pvc defined';
  const target = spec.pvc ?? spec.storage;
  const size = target.resources?.requests?.storage;
  const cloned = spec.source?.pvc !== undefined || spec.source?.snapshot !== undefined;
  if (size === undefined && !(cloned && spec.storage !== undefined)) return 'PVC size is missing';
  const modes = target.accessModes;
  if (spec.pvc !== undefined && (modes === undefined || modes.length === 0))
    return 'Required value: at least one access mode is required';
  if ((modes ?? []).length > 1) return 'PVC multiple accessModes';
  return undefined;
}

/** cdi-apiserver's answer to a DataVolume, in its own words. */
export function admitDataVolume(request: AdmissionRequest): AdmissionAnswer {
  const { operation, object, oldObject } = request;
  if (operation === 'UPDATE') {
    const same = JSON.stringify(object.spec) === JSON.stringify(oldObject?.spec);
    return same ? { allowed: true } : { allowed: false, message: 'Cannot update DataVolume Spec' };
  }
  const mistake = sourceMistake(object.spec ?? {}) ?? targetMistake(object.spec ?? {});
  return mistake === undefined ? { allowed: true } : { allowed: false, message: mistake };
}
