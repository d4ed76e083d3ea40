import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../../api/wukong.ts';

/** What the disks of a Wukong depend on, as the cluster has it. */
export interface DisksSeen {
  /** Any PersistentVolumeClaim of the Wukong's namespace, whoever it belongs to. */
  claim(name: string): KubeObject | undefined;
  /** Any DataVolume of the Wukong's namespace. */
  dataVolume(name: string): KubeObject | undefined;
  readonly storageClasses: readonly KubeObject[];
  /** CDI's StorageProfile of a class. */
  profile(storageClass: string): KubeObject | undefined;
  readonly serves: { readonly dataVolume: boolean };
  /** Every Wukong of the namespace that names a claim (`claimsUsedBy`); may include the one that asks. */
  claimUsers(claim: string): readonly Wukong[];
  /** Of this Wukong. */
  readonly vm: KubeObject | undefined;
  /** While a snapshot is restored, storage is left alone entirely. */
  readonly restoring: boolean;
}
