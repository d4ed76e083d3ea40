import type { Double } from '../bench.ts';
import { cdiDouble } from './cdi/cdi-double.ts';
import { certManagerDouble } from './cert-manager/cert-manager-double.ts';
import type { GuestDisks } from './kubevirt/guest-disks.ts';
import { kubevirtDouble } from './kubevirt/kubevirt-double.ts';

/** The doubles of the virtualisation platform itself; the disks of its guests outlive a power cut where they are kept outside. */
export function platformDoubles(guestDisks: GuestDisks = new Map()): readonly Double[] {
  return [kubevirtDouble(guestDisks), cdiDouble, certManagerDouble];
}
