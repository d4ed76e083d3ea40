import { fixed, rules } from './terms.ts';

const boots = 'has(d.boot) && d.boot';
const filled = (disk: string) => `has(${disk}.image) || has(${disk}.source)`;
/** Of the disk that boots: the one that says so, else the first. */
const bootDiskIsFilled = `(self.disks.exists(d, ${boots}) ? self.disks.exists(d, ${boots} && (${filled('d')})) : (size(self.disks) > 0 && (${filled('self.disks[0]')})))`;

const startRules = rules(
  {
    rule: "!(has(self.startStrategy) && has(self.startStrategy.autoStart) && !self.startStrategy.autoStart && has(self.startStrategy.runStrategy) && self.startStrategy.runStrategy == 'Always')",
    message:
      '`autoStart: false` and `runStrategy: Always` contradict each other: drop one, or use `runStrategy: Manual`',
    fieldPath: '.startStrategy',
  },
  {
    rule: "!(has(self.startStrategy) && has(self.startStrategy.runStrategy) && has(self.highAvailability) && has(self.highAvailability.restartPolicy)) || self.startStrategy.runStrategy == 'Manual' || self.startStrategy.runStrategy == (self.highAvailability.restartPolicy == 'OnFailure' ? 'RerunOnFailure' : self.highAvailability.restartPolicy)",
    message:
      'runStrategy and restartPolicy contradict each other: Always goes with Always, RerunOnFailure with OnFailure, Manual with any; or drop one of them',
    fieldPath: '.startStrategy',
  },
);

/** Rules across the parts of a specification. */
export const specRules = rules(
  {
    rule: `!(has(self.osImage) && ${bootDiskIsFilled})`,
    message:
      'osImage is short for the image of the boot disk, which has an image or a source of its own: drop one of them',
    fieldPath: '.osImage',
  },
  fixed(
    'osImage',
    'osImage cannot be changed, added or dropped once the boot disk is made: add another disk and copy the data',
  ),
  {
    rule: '!(has(self.cloudInit) && (has(self.cloudInitUser) || has(self.sshKeySecret)))',
    message:
      'cloudInit.userDataSecretRef takes the place of cloudInitUser and sshKeySecret: put the user and the keys into that Secret, or drop cloudInit',
    fieldPath: '.cloudInit',
  },
  {
    rule: "!has(self.hugepages) || !isQuantity(self.memory) || (quantity(self.memory).isInteger() && quantity(self.memory).asInteger() % (self.hugepages == '1Gi' ? 1073741824 : 2097152) == 0)",
    message:
      'memory is a multiple of the size of a huge page: with `hugepages: 1Gi` whole Gi, with 2Mi an even number of Mi',
    fieldPath: '.memory',
  },
  ...startRules['x-kubernetes-validations'],
);
