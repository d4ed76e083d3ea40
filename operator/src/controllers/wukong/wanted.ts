import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../api/wukong.ts';
import { planCloudInit } from './cloud-init/plan-cloud-init.ts';
import { planDisks } from './disks/plan-disks.ts';
import { planMachine } from './machine/plan-machine.ts';
import { planNetworks } from './networks/plan-networks.ts';
import type { Observed } from './observe.ts';
import type { CloudInitPlan, DisksPlan, Mistake, NetworksPlan } from './plan.ts';
import { planRestore, type RestorePlan } from './restore/plan-restore.ts';

/** What should exist because of one Wukong. */
export interface Wanted {
  readonly networks: NetworksPlan;
  readonly disks: DisksPlan;
  readonly cloudInit: CloudInitPlan;
  readonly restore: RestorePlan;
  /** Everything but the machine, in the order of applying. */
  readonly parts: readonly KubeObject[];
  /** Undefined while it cannot be made, or must be left as it is. */
  readonly machine: KubeObject | undefined;
  readonly mistakes: readonly Mistake[];
}

/** Pure: the same input gives the same objects. */
export function wantedOf(wukong: Wukong, seen: Observed): Wanted {
  const restore = planRestore(wukong, seen.restore);
  const networks = planNetworks(wukong, seen.networks);
  const disks = planDisks(wukong, { ...seen.disks, restoring: restore.hold });
  const cloudInit = planCloudInit(wukong, networks.nics, seen.cloudInit);
  const mistakes = [...restore.mistakes, ...networks.mistakes, ...disks.mistakes, ...cloudInit.mistakes];
  const ready = networks.ready && disks.ready && cloudInit.waits === undefined && mistakes.length === 0;
  const guest = restore.hold ? [] : [...disks.objects, ...cloudInit.objects];
  return {
    networks,
    disks,
    cloudInit,
    restore,
    parts: [...networks.objects, ...guest, ...restore.objects],
    machine: ready && !restore.hold ? planMachine(wukong, { networks, disks, cloudInit }) : undefined,
    mistakes,
  };
}
