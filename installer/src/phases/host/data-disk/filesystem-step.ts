import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { label } from './contents.ts';
import { dataDiskFinding, dataDiskOf } from './data-disk-finding.ts';
import { deviceOf } from './disk-name.ts';

const force = { ext4: '-F', xfs: '-f' } as const;

/** A filesystem over the whole data disk, only where the profile allows it; the engine journals the intent first. */
export function filesystemStep({ node }: Site): Step {
  return {
    id: 'host/data-disk-filesystem',
    title: 'Make the filesystem of the data disk',
    probe: (sight) => dataDiskFinding(node, sight),
    async apply(stage) {
      const found = await dataDiskOf(node, stage);
      if (found === undefined) return;
      const device = deviceOf(found.disk);
      const { filesystem } = found.wanted;
      await stage.host.run(['wipefs', '--all', device]);
      await stage.host.run([`mkfs.${filesystem}`, force[filesystem], '-q', '-L', label, device]);
      await stage.host.run(['udevadm', 'settle']);
    },
  };
}
