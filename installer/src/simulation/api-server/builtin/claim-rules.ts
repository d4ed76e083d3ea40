import type { Json } from '#kube/json';
import { Quantity } from '#kube/quantity';
import type { Cause } from '../refusal.ts';
import { equal, without } from '../values.ts';
import { wrong } from '../wrong.ts';
import { difference } from './difference.ts';

const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
const fixed =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

/** What is wrong with a PersistentVolumeClaim, alone or against its earlier state. */
export function claimCauses({ spec, status }: Json, before: Json): readonly Cause[] {
  const found = alone(spec ?? {});
  if (found.length > 0 || before === undefined) return found;
  const isBound = status?.phase === 'Bound';
  const frame = (one: Json) =>
    without(
      isBound ? { ...one, resources: without(one.resources ?? {}, 'requests') } : one,
      'volumeAttributesClassName',
      ...['volumeName', 'storageClassName'].filter((key) => before.spec[key] === undefined),
    );
  const mode =
    spec.volumeMode === before.spec.volumeMode
      ? []
      : [wrong.invalid('volumeMode', spec.volumeMode, 'field is immutable')];
  if (!equal(frame(spec), frame(before.spec)))
    return [wrong.forbidden('spec', `${fixed}\n${difference(shown(before.spec), shown(spec))}`), ...mode];
  return shrinks(requested(spec), requested(before.spec), Quantity.read(String(before.status?.capacity?.storage)));
}

function requested(spec: Json): Quantity | undefined {
  return Quantity.read(String(spec.resources.requests.storage));
}

/** What was asked for may be taken back, but only to more than there is. */
function shrinks(next?: Quantity, before?: Quantity, has = new Quantity(0n)): readonly Cause[] {
  if (next === undefined || before === undefined || next.compare(before) >= 0 || next.compare(has) > 0) return [];
  return [wrong.forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity')];
}

function alone({ accessModes, resources }: Json): readonly Cause[] {
  const found: Cause[] = [];
  if (!accessModes?.length) found.push(wrong.required('spec.accessModes', 'at least 1 access mode is required'));
  for (const mode of accessModes ?? [])
    if (!modes.includes(mode)) found.push(wrong.unsupported('spec.accessModes', mode, modes));
  const storage: Json = resources?.requests?.storage;
  if (storage === undefined) found.push(wrong.required('spec.resources[storage]'));
  else if ((Quantity.read(String(storage))?.value ?? 0n) <= 0n)
    found.push(wrong.invalid('spec.resources[storage]', storage, 'must be greater than zero'));
  return found;
}

/** The spec as the server prints it: the fields of the Go type, in their order. */
function shown(spec: Json): Json {
  const { accessModes, selector = null, resources = {}, volumeName = '' } = spec;
  return {
    AccessModes: accessModes,
    Selector: selector,
    Resources: { Limits: resources.limits ?? null, Requests: resources.requests ?? null },
    VolumeName: volumeName,
    StorageClassName: spec.storageClassName ?? null,
    VolumeMode: spec.volumeMode ?? null,
    DataSource: spec.dataSource ?? null,
    DataSourceRef: spec.dataSourceRef ?? null,
    VolumeAttributesClassName: spec.volumeAttributesClassName ?? null,
  };
}
