import type { Json } from '#kube/json';
import { Refusal } from '../kube-api.ts';
import { pathOf } from '../kube-path.ts';
import { isTrue, writeStatus } from '../status.ts';
import { instancePath, machinePath, saying, snapshotPath } from './snapshot-terms.ts';
import { restoreClaims } from './vm-restore-claims.ts';
import { machineOwner, restoredMachine, wears } from './vm-restore-objects.ts';
import type { Snapshots } from './vm-snapshots.ts';

const FINALIZER = 'snapshot.kubevirt.io/vmrestore-protection';
const GRACE_SECONDS = 5 * 60;
/** How long a step of it takes beside what the storage needs. */
const SECONDS = 1;
/** Seconds until an error is tried again. */
const RETRY = 5;

/** Brings one VirtualMachineRestore a step further. */
export async function reconcileRestore(about: Snapshots, key: string): Promise<number | undefined> {
  const { stage } = about;
  const [namespace, name] = key.split('/') as [string, string];
  const restore: Json = await stage.api.get(snapshotPath('VirtualMachineRestore', namespace, name));
  if (restore === undefined) return undefined;
  if (restore.metadata.deletionTimestamp !== undefined) return letGo(about, restore);
  if (restore.status === undefined) return begin(about, restore);
  if (restore.status.complete === true || isTrue(restore, 'Failure')) return undefined;
  if (await protect(about, restore)) return undefined;
  const instance = await stage.api.get(instancePath(namespace, restore.spec.target.name));
  if (instance !== undefined) return wait(about, restore);
  const step = await putBack(about, restore);
  if (typeof step === 'number') return step;
  const { said, ...rest } = step;
  await writeStatus(stage, restore, { ...rest, conditions: saying(restore.status.conditions, stage.now(), said) });
  return undefined;
}

async function begin({ stage }: Snapshots, restore: Json): Promise<undefined> {
  const said = {
    Progressing: [true, 'Initializing VirtualMachineRestore'],
    Ready: [false, 'Initializing VirtualMachineRestore'],
  } as const;
  await stage.pause(SECONDS);
  await writeStatus(stage, restore, { complete: false, conditions: saying([], stage.now(), said) });
}

/** Marks it as protected, and as the machine's where it names no owner. */
async function protect({ stage }: Snapshots, restore: Json): Promise<boolean> {
  const { finalizers = [], ownerReferences = [], namespace } = restore.metadata;
  if (finalizers.includes(FINALIZER)) return false;
  const machine: Json = await stage.api.get(machinePath(namespace, restore.spec.target.name));
  const owners =
    ownerReferences.length === 0 && machine !== undefined ? { ownerReferences: [machineOwner(machine)] } : {};
  await stage.api.patch(pathOf(restore), { metadata: { finalizers: [...finalizers, FINALIZER], ...owners } });
  return true;
}

/** The machine still runs: what becomes of that, the restore itself says. */
async function wait({ stage }: Snapshots, restore: Json): Promise<number | undefined> {
  const policy: string = restore.spec.targetReadinessPolicy ?? 'WaitGracePeriod';
  const target = machinePath(restore.metadata.namespace, restore.spec.target.name);
  if (policy === 'StopTarget') await stage.api.patch(target, { spec: { runStrategy: 'Halted' } });
  const age = (stage.bench.clock.now() - Date.parse(restore.metadata.creationTimestamp)) / 1000;
  const reasons: Readonly<Record<string, string | undefined>> = {
    FailImmediate: 'Restore target not ready',
    WaitGracePeriod: age > GRACE_SECONDS ? 'Restore target failed to be ready within 5m0s' : undefined,
  };
  const failure = reasons[policy];
  const waiting = 'Waiting for target to be ready';
  const said =
    failure === undefined
      ? ({ Progressing: [false, waiting], Ready: [false, waiting] } as const)
      : ({
          Progressing: [false, 'Operation failed'],
          Failure: [true, failure],
          Ready: [false, 'Operation failed'],
        } as const);
  await writeStatus(stage, restore, { conditions: saying(restore.status.conditions, stage.now(), said) });
  return failure === undefined && policy === 'WaitGracePeriod' ? Math.max(GRACE_SECONDS - age + 1, 1) : undefined;
}

type Said = Parameters<typeof saying>[2];
type Step = { readonly said: Said; readonly [field: string]: Json };

/** Claims first, then the machine's specification; each pass does what it can, and says what it waits for. */
async function putBack(about: Snapshots, restore: Json): Promise<Step | number> {
  const { stage } = about;
  const { namespace } = restore.metadata;
  const source = await sourceOf(about, restore);
  if (typeof source === 'string') return error(about, restore, source);
  const target: Json = await stage.api.get(machinePath(namespace, restore.spec.target.name));
  if (target === undefined) return error(about, restore, 'At this point target should exist');
  if (!wears(target, restore) && target.metadata.uid !== source.snapshot.status.sourceUID)
    return error(about, restore, 'restore source and restore target are different but restore target already exists');
  const other: string | undefined = target.status?.restoreInProgress ?? undefined;
  if (other !== undefined && other !== restore.metadata.name)
    return error(about, restore, `vm restore ${other} in progress`);
  if (other === undefined && !wears(target, restore))
    await stage.api.patchStatus(pathOf(target), { restoreInProgress: restore.metadata.name });
  const claims = await restoreClaims(about, { restore, content: source.content, target });
  if (typeof claims === 'string') return error(about, restore, claims);
  if (claims !== undefined)
    return {
      restores: claims,
      said: { Progressing: [true, 'Creating new PVCs'], Ready: [false, 'Waiting for new PVCs'] },
    };
  if (!wears(target, restore)) {
    await replace(about, restoredMachine(target, source.content, restore));
    return { said: { Progressing: [true, 'Updating target spec'], Ready: [false, 'Waiting for target update'] } };
  }
  await stage.api.patchStatus(pathOf(target), { restoreInProgress: null });
  const done = 'Operation complete';
  return { complete: true, restoreTime: stage.now(), said: { Progressing: [false, done], Ready: [true, done] } };
}

async function sourceOf(
  { stage }: Snapshots,
  restore: Json,
): Promise<{ readonly snapshot: Json; readonly content: Json } | string> {
  const { namespace } = restore.metadata;
  const name: string = restore.spec.virtualMachineSnapshotName;
  const snapshot: Json = await stage.api.get(snapshotPath('VirtualMachineSnapshot', namespace, name));
  if (snapshot === undefined) return `VMSnapshot ${namespace}/${name} does not exist`;
  if (snapshot.status?.phase === 'Failed') return `VMSnapshot ${namespace}/${name} failed and is invalid to use`;
  if (snapshot.status?.readyToUse !== true) return `VMSnapshot ${namespace}/${name} not ready`;
  const kept: string = snapshot.status.virtualMachineSnapshotContentName;
  const content: Json = await stage.api.get(snapshotPath('VirtualMachineSnapshotContent', namespace, kept));
  if (content === undefined) return `VMSnapshotContent ${namespace}/${kept} does not exist`;
  return content.status?.readyToUse === true
    ? { snapshot, content }
    : `VMSnapshotContent ${namespace}/${kept} not ready`;
}

async function error({ stage }: Snapshots, restore: Json, reason: string): Promise<number> {
  const said = { Progressing: [false, reason], Ready: [false, reason] } as const;
  await writeStatus(stage, restore, { conditions: saying(restore.status.conditions, stage.now(), said) });
  return RETRY;
}

/** A whole object in the place of another: a merge would leave what the older one did not have. */
async function replace({ stage }: Snapshots, machine: Json): Promise<void> {
  await stage.pause(SECONDS);
  const request = { method: 'PUT', path: pathOf(machine), body: machine } as const;
  const response = await stage.bench.transport.request(request);
  if (response.status >= 400) throw new Refusal(request, response);
}

async function letGo({ stage }: Snapshots, restore: Json): Promise<undefined> {
  const { finalizers = [], namespace, name } = restore.metadata;
  if (!finalizers.includes(FINALIZER)) return;
  const target: Json = await stage.api.get(machinePath(namespace, restore.spec.target.name));
  if (target?.status?.restoreInProgress === name)
    await stage.api.patchStatus(pathOf(target), { restoreInProgress: null });
  await stage.api.patch(pathOf(restore), {
    metadata: { finalizers: finalizers.filter((one: string) => one !== FINALIZER) },
  });
}
