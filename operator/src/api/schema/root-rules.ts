import { rules } from './terms.ts';

/** Whether a disk `d` is to be smaller than it was. */
const shrinks =
  'has(d.size) && isQuantity(d.size) && oldSelf.spec.disks.exists(o, o.name == d.name && has(o.size) && isQuantity(o.size) && quantity(d.size).isLessThan(quantity(o.size)))';
/** An expansion that failed may be taken back as far as what the claim has. */
const takenBack =
  'has(self.status) && has(self.status.volumes) && self.status.volumes.exists(v, v.name == d.name && has(v.capacity) && isQuantity(v.capacity) && !quantity(d.size).isLessThan(quantity(v.capacity)))';
const before = 'has(oldSelf.spec) && has(oldSelf.spec.disks) && has(self.spec.disks)';

/** Rules that see name, specification and status together. None of them may stand in the way of an old object. */
export const wukongRules = rules(
  {
    // KubeVirt puts the name of the machine, which is three characters longer, into labels and host names.
    rule: 'oldSelf.hasValue() || self.metadata.name.size() <= 57',
    message:
      'the name of a Wukong has at most 57 characters, because the machine is called after it and has to be a host name',
    optionalOldSelf: true,
  },
  {
    rule: `!(${before}) || self.spec.disks.all(d, !(${shrinks}) || (${takenBack}))`,
    message:
      'a disk never shrinks: add a new, smaller disk and copy the data (an expansion that failed may be taken back as far as the capacity in status.volumes)',
    fieldPath: '.spec.disks',
  },
);
