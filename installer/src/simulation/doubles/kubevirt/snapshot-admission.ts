import { isDeepStrictEqual } from 'node:util';
import type { Json } from '#kube/json';
import type { AdmissionAnswer, AdmissionRequest } from '../../bench.ts';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { SNAPSHOT_API } from './snapshot-terms.ts';
import { runStrategy } from './vm-run-strategy.ts';

const accepted: AdmissionAnswer = { allowed: true };
const refused = (message: string): AdmissionAnswer => ({ allowed: false, message });

/** Of this release: snapshots are only there for whoever switches them on. */
async function isSwitchedOn(stage: Stage): Promise<boolean> {
  const { items } = await stage.api.list(kindPath('kubevirt.io/v1', 'KubeVirt'));
  const gates = items.map((one: Json) => one.spec?.configuration?.developerConfiguration?.featureGates ?? []);
  return gates.flat().includes('Snapshot');
}

/** The webhook's answer to a VirtualMachineSnapshot. */
export async function admitSnapshot(stage: Stage, request: AdmissionRequest): Promise<AdmissionAnswer> {
  if (request.operation === 'UPDATE') return unchanged(request);
  if (!(await isSwitchedOn(stage))) return refused('snapshot feature gate not enabled');
  const { source } = request.object.spec;
  if (source.apiGroup === undefined) return refused('missing apiGroup');
  if (source.apiGroup !== 'kubevirt.io') return refused('invalid apiGroup');
  return source.kind === 'VirtualMachine' ? accepted : refused('invalid kind');
}

/** The webhook's answer to a VirtualMachineRestore. */
export async function admitRestore(stage: Stage, request: AdmissionRequest): Promise<AdmissionAnswer> {
  if (request.operation === 'UPDATE') return unchanged(request);
  if (!(await isSwitchedOn(stage))) return refused('Snapshot/Restore feature gate not enabled');
  const { metadata, spec } = request.object;
  if (spec.target.apiGroup === undefined) return refused('missing apiGroup');
  const { items } = await stage.api.list(kindPath(SNAPSHOT_API, 'VirtualMachineRestore', metadata.namespace));
  const other = items.find((one: Json) => one.spec.target.name === spec.target.name && one.status?.complete !== true);
  if (other !== undefined) return refused(`VirtualMachineRestore "${other.metadata.name}" in progress`);
  if (!['InPlace', 'RandomizeNames', undefined].includes(spec.volumeRestorePolicy))
    return refused(`volume restore policy "${spec.volumeRestorePolicy}" doesn't exist`);
  if (['Vm', 'None', undefined].includes(spec.volumeOwnershipPolicy)) return accepted;
  return refused(`volume ownership policy "${spec.volumeOwnershipPolicy}" doesn't exist`);
}

function unchanged({ object, oldObject }: AdmissionRequest): AdmissionAnswer {
  return isDeepStrictEqual(object.spec, oldObject?.spec) ? accepted : refused('spec in immutable after creation');
}

/** Why a machine cannot be changed in this way while its disks are kept, or put back. */
export function busyMistake({ operation, object, oldObject }: AdmissionRequest): string | undefined {
  const { snapshotInProgress, restoreInProgress } = oldObject?.status ?? {};
  if (operation !== 'UPDATE' || isDeepStrictEqual(object.spec, oldObject?.spec)) return undefined;
  if (restoreInProgress && runStrategy(object) !== 'Halted')
    return `Cannot start VM until restore "${restoreInProgress}" completes`;
  if (!snapshotInProgress) return undefined;
  if (!isDeepStrictEqual(object.spec.template.spec.volumes, oldObject?.spec.template.spec.volumes))
    return `Cannot update vm disks or volumes until snapshot "${snapshotInProgress}" completes`;
  if (runStrategy(object) !== runStrategy(oldObject))
    return `Cannot update vm running state until snapshot "${snapshotInProgress}" completes`;
  return undefined;
}
