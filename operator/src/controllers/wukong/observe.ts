import type { KubeObject } from '#kube/object';
import { claimName, vmName, type Wukong } from '../../api/wukong.ts';

/** Everything of the cluster that one Wukong's desired state and status depend on, and that belongs to it. */
export interface Observed {
  readonly vm: KubeObject | undefined;
  readonly vmi: KubeObject | undefined;
  /** By disk name. */
  readonly claims: ReadonlyMap<string, KubeObject>;
  readonly dataVolumes: ReadonlyMap<string, KubeObject>;
}

/** Reads from the caches; `get` gives what the reflector of that kind has. */
export type Lookup = (
  kind: 'VirtualMachine' | 'VirtualMachineInstance' | 'PersistentVolumeClaim' | 'DataVolume',
  name: string,
) => KubeObject | undefined;

/** Names can be ambiguous (`a` with a disk `b-c`, `a-b` with a disk `c`), so only the owner tells whose an object is. */
export function observe(wukong: Wukong, lookup: Lookup): Observed {
  const { uid } = wukong.metadata;
  const vm = ownedBy(uid, lookup('VirtualMachine', vmName(wukong)));
  const dataVolumes = byDisk(wukong, (name) => ownedBy(uid, lookup('DataVolume', name)));
  const claims = byDisk(wukong, (name, disk) => {
    const claim = lookup('PersistentVolumeClaim', name);
    const filler = dataVolumes.get(disk);
    return ownedBy(uid, claim) ?? (filler && ownedBy(filler.metadata.uid, claim));
  });
  const vmi = vm && ownedBy(vm.metadata.uid, lookup('VirtualMachineInstance', vmName(wukong)));
  return { vm, vmi, claims, dataVolumes };
}

/** The uid of the one controller of an object. */
export function controllerOf(object: KubeObject): string | undefined {
  return object.metadata.ownerReferences?.find((one) => one.controller === true)?.uid;
}

function ownedBy(uid: string | undefined, object: KubeObject | undefined): KubeObject | undefined {
  return object !== undefined && uid !== undefined && controllerOf(object) === uid ? object : undefined;
}

function byDisk(
  wukong: Wukong,
  find: (name: string, disk: string) => KubeObject | undefined,
): ReadonlyMap<string, KubeObject> {
  const found = wukong.spec.disks.flatMap((disk): [string, KubeObject][] => {
    const object = find(claimName(wukong, disk), disk.name);
    return object === undefined ? [] : [[disk.name, object]];
  });
  return new Map(found);
}
