import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../../api/wukong.ts';
import type { DisksPlan, Mistake } from '../plan.ts';
import { deviceOf, volumeOf } from './devices.ts';
import { type Finding, finding, verdictOf } from './finding.ts';
import { type DiskPlan, planDisk } from './plan-disk.ts';
import type { DisksSeen } from './seen.ts';

/** What the disks of a Wukong want. Pure: the same input gives the same objects. */
export function planDisks(wukong: Wukong, seen: DisksSeen): DisksPlan {
  const plans = wukong.spec.disks.map((disk) => planDisk(wukong, disk, seen));
  const known = namesIn(seen.vm);
  // A disk that is added to a machine joins it when it is ready; until then it does not hold up other changes.
  const shown = plans.filter(({ passes, disk }) => seen.vm === undefined || passes || known.has(disk.name));
  return {
    objects: seen.restoring ? [] : plans.flatMap(({ objects }) => objects),
    disks: shown.map((plan) => deviceOf(wukong.spec, plan)),
    volumes: shown.map((plan) => volumeOf(plan)),
    statuses: plans.map(({ status }) => status),
    verdict: verdictOf(findingsOf(plans, seen)),
    ready: seen.vm !== undefined || plans.every(({ passes }) => passes),
    mistakes: [...plans.flatMap(({ mistakes }) => mistakes), ...bootDiskGone(wukong, seen.vm)],
  };
}

function findingsOf(plans: readonly DiskPlan[], { restoring }: DisksSeen): readonly Finding[] {
  const found = plans.flatMap((plan) => plan.finding ?? []);
  if (!restoring || found.length === 0) return found;
  return [finding('Provisioning', 'the disks are left alone while a snapshot is restored to them')];
}

function devicesOf(vm: KubeObject | undefined): readonly Json[] {
  return vm?.['spec']?.template?.spec?.domain?.devices?.disks ?? [];
}

function namesIn(vm: KubeObject | undefined): ReadonlySet<string> {
  return new Set(devicesOf(vm).map(({ name }) => name));
}

/** A machine without the disk that it boots from does not come up again; its data would go as well. */
function bootDiskGone(wukong: Wukong, vm: KubeObject | undefined): readonly Mistake[] {
  const name: string | undefined = devicesOf(vm).find(({ bootOrder }) => bootOrder === 1)?.name;
  if (name === undefined || wukong.spec.disks.some((disk) => disk.name === name)) return [];
  const message =
    `spec.disks: the machine boots from the disk \`${name}\`, so it cannot be taken away; ` +
    'put it back, or give boot: true to another disk first';
  return [{ reason: 'InvalidSpec', message }];
}
