import type { Json } from '#kube/json';
import type { Shelf } from '../shelf.ts';

export interface ClassShelves {
  readonly classes: Shelf;
  readonly profiles: Shelf;
  readonly snapshotClasses: Shelf;
}

const isDefault = 'snapshot.storage.kubernetes.io/is-default-class';

/** The VolumeSnapshotClass for claims of a storage class: what its profile says, else one of the same driver. */
export function snapshotClassOf(storageClass: string | undefined, shelves: ClassShelves): string | undefined {
  const found: Json = storageClass === undefined ? undefined : shelves.classes.get(storageClass);
  if (found === undefined) return undefined;
  const chosen: string | undefined = (shelves.profiles.get(found.metadata.name) as Json)?.status?.snapshotClass;
  if (chosen) return shelves.snapshotClasses.get(chosen)?.metadata.name;
  const fitting = shelves.snapshotClasses.all().filter((one) => one['driver'] === found.provisioner);
  const marked = fitting.find((one) => one.metadata.annotations?.[isDefault] !== undefined);
  return (fitting.length > 1 ? marked : fitting[0])?.metadata.name;
}
