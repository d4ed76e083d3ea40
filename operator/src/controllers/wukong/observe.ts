import type { KubeObject } from '#kube/object';
import { claimName, vmName, type Wukong } from '../../api/wukong.ts';

/** Everything of the cluster that one Wukong's desired state and status depend on. */
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

export function observe(wukong: Wukong, lookup: Lookup): Observed {
  const name = vmName(wukong);
  const byDisk = (kind: 'PersistentVolumeClaim' | 'DataVolume') =>
    new Map(
      wukong.spec.disks.flatMap((disk): [string, KubeObject][] => {
        const found = lookup(kind, claimName(wukong, disk));
        return found === undefined ? [] : [[disk.name, found]];
      }),
    );
  return {
    vm: lookup('VirtualMachine', name),
    vmi: lookup('VirtualMachineInstance', name),
    claims: byDisk('PersistentVolumeClaim'),
    dataVolumes: byDisk('DataVolume'),
  };
}
