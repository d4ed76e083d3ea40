import type { KubeObject } from '#kube/object';
import { vmName, type Wukong, type WukongStatus } from '../../api/wukong.ts';
import type { Again } from '../../runtime/work-queue.ts';
import { stamped } from './conditions.ts';
import { bridgesGone } from './depart-bridges.ts';
import { lastClaims } from './disks/departures.ts';
import { isHeld, release } from './finalizer.ts';
import { heldBy } from './held-by.ts';
import { machineOf } from './observe.ts';
import type { Pass } from './pass.ts';
import { carryOut, remove, storageOf } from './retire.ts';
import { writeStatus } from './write-status.ts';

/** Everything is watched; this is for what no watch tells. */
const lookAgain = 30_000;

/** Takes away what a Wukong has, in order: the machine, its disks, its bridges; then lets the Wukong itself go. */
export async function depart(wukong: Wukong, pass: Pass): Promise<Again> {
  if (!isHeld(wukong)) return {};
  const blocker =
    (await machineGone(wukong, pass)) ?? (await disksGone(wukong, pass)) ?? (await bridgesGone(wukong, pass));
  if (blocker !== undefined) {
    await tell(wukong, blocker, pass);
    return { after: lookAgain };
  }
  if (!(await release(pass.client, wukong, pass.signal))) return { after: 1000 };
  pass.tell(wukong, { type: 'Normal', reason: 'Deleted', note: 'everything that it had is gone' });
  return {};
}

async function machineGone(wukong: Wukong, pass: Pass): Promise<string | undefined> {
  const { vm, vmi } = machineOf(wukong, pass);
  // Disks that stay are let go first: the machine's end must not take them along.
  await carryOut(wukong, { ...lastClaims(wukong, storageOf(wukong, { vm, vmi }, pass)), remove: [] }, pass);
  if (vm !== undefined) {
    await remove(pass.client, vm, pass.signal);
    // KubeVirt keeps the machine for as long as its instance is there: what keeps that is what a user wants to know.
    const last = vmi?.metadata.deletionTimestamp === undefined ? vm : vmi;
    return `${last.kind} ${last.metadata.name} is on its way out${heldBy(last)}`;
  }
  const left = await stillThere(wukong, pass);
  return left && `${left.kind} ${left.metadata.name} is on its way out${heldBy(left)}`;
}

/** The server itself is asked before a disk is touched: a copy may lag behind. */
async function stillThere(wukong: Wukong, { client, signal }: Pass): Promise<KubeObject | undefined> {
  const { namespace = 'default', uid, name } = wukong.metadata;
  const apiVersion = 'kubevirt.io/v1';
  const asked = { apiVersion, namespace, name: vmName(wukong) };
  const vm = await client.get({ ...asked, kind: 'VirtualMachine' }, { signal });
  if (vm?.metadata.ownerReferences?.some((one) => one.uid === uid) === true) return vm;
  const vmi = await client.get({ ...asked, kind: 'VirtualMachineInstance' }, { signal });
  const isOwn = vm === undefined && vmi?.metadata.labels?.['vm.novasphere.dev/wukong'] === name;
  return isOwn ? vmi : undefined;
}

async function disksGone(wukong: Wukong, pass: Pass): Promise<string | undefined> {
  const departure = lastClaims(wukong, storageOf(wukong, { vm: undefined, vmi: undefined }, pass));
  await carryOut(wukong, departure, pass);
  const [first] = departure.remove;
  if (departure.waits.length > 0) return departure.waits.join('; ');
  return first && `${first.kind} ${first.metadata.name} is on its way out${heldBy(first)}`;
}

async function tell(wukong: Wukong, blocker: string, pass: Pass): Promise<void> {
  const before = wukong.status;
  const ready = { type: 'Ready', status: 'False', reason: 'Deleting', message: blocker } as const;
  const others = (before?.conditions ?? []).filter(({ type }) => type !== 'Ready');
  const status: WukongStatus = {
    phase: 'Pending',
    vmName: vmName(wukong),
    networks: [],
    volumes: [],
    ...before,
    observedGeneration: wukong.metadata.generation ?? 1,
    conditions: [...stamped([ready], wukong, pass.now()), ...others],
  };
  await writeStatus(wukong, status, pass);
}
