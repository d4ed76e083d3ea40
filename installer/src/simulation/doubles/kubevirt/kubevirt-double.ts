import type { Double } from '../../bench.ts';
import { double } from '../double.ts';
import type { GuestDisks } from './guest-disks.ts';
import { guests } from './guests.ts';
import { virtApi } from './virt-api.ts';
import { virtController } from './virt-controller.ts';
import { virtHandler } from './virt-handler.ts';
import { virtOperator } from './virt-operator.ts';
import { vmSnapshots } from './vm-snapshots.ts';

/** KubeVirt v1.8.4: operator, API, controller, node daemon, and the guests that they boot. */
export function kubevirtDouble(guestDisks: GuestDisks = new Map()): Double {
  return double('KubeVirt', (stage) => {
    virtOperator(stage);
    virtApi(stage);
    virtHandler(stage);
    const shelves = virtController(stage);
    vmSnapshots(stage, guestDisks, shelves);
    guests(stage, guestDisks, shelves);
  });
}
