import { isDeepStrictEqual } from 'node:util';
import type { Json } from '#kube/json';
import { kindPath, pathOf } from '../kube-path.ts';
import type { LauncherSettings } from './launcher-containers.ts';
import { launcherPod } from './launcher-pod.ts';
import { launcherImage } from './outdated-workloads.ts';
import type { VirtControl } from './virt-controller.ts';
import { FOREGROUND, MACHINE_FINALIZER } from './vm-reconcile.ts';
import { storageOf } from './vm-storage.ts';
import {
  claimMissing,
  entered,
  pendingStatus,
  runningStatus,
  scheduledStatus,
  volumeStatus,
  waitingConditions,
} from './vmi-status.ts';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const unpaused = 'kubevirt.io/virtual-machine-unpaused';

/** Brings one virtual machine instance a step further: its pod, its phase, its end. */
export async function reconcileInstance(control: VirtControl, key: string): Promise<void> {
  const [namespace, name] = key.split('/') as [string, string];
  const instance: Json = await control.stage.api.get(
    `${kindPath('kubevirt.io/v1', 'VirtualMachineInstance', namespace)}/${name}`,
  );
  if (instance === undefined) return;
  const pod: Json = podOf(control, instance);
  if (instance.metadata.deletionTimestamp !== undefined) return depart(control, instance, pod);
  const { phase } = instance.status ?? {};
  if (phase === undefined)
    return report(
      control,
      instance,
      pendingStatus(instance, instance.metadata.ownerReferences?.[0]?.uid, control.stage.now()),
    );
  if (phase === 'Succeeded' || phase === 'Failed') return clear(control, pod);
  if (pod === undefined) return phase === 'Pending' ? begin(control, instance) : lost(control, instance);
  await markUnpaused(control, pod);
  return advance(control, instance, pod);
}

function podOf({ shelves }: VirtControl, instance: Json): Json {
  const mine = (one: Json) => one.metadata.labels?.['kubevirt.io/created-by'] === instance.metadata.uid;
  return shelves.pods.all().find((one) => mine(one));
}

async function begin(control: VirtControl, instance: Json): Promise<void> {
  const { stage, shelves } = control;
  const storage = storageOf(instance.spec, instance.metadata.namespace, shelves);
  if (storage.state === 'missing') {
    const told = instance.status.conditions?.some((one: Json) => one.reason === 'FailedPvcNotFound');
    return told ? undefined : report(control, instance, { conditions: claimMissing(storage.claim, stage.now()) });
  }
  // The shelf may not show yet what the last round made.
  const made = await stage.api.list(kindPath('v1', 'Pod', instance.metadata.namespace), {
    labelSelector: `kubevirt.io/created-by=${instance.metadata.uid}`,
  });
  if (made.items.length > 0) return;
  const suffix = Array.from({ length: 5 }, () => alphabet[Math.floor(stage.bench.random() * alphabet.length)]).join('');
  await stage.api.create(launcherPod(instance, settings(control, instance.metadata.namespace), suffix));
}

function settings({ shelves }: VirtControl, namespace: string): LauncherSettings {
  const configuration: Json = (shelves.kubevirts.all()[0] as Json)?.spec?.configuration ?? {};
  const controller: Json = shelves.deployments.all().find((one) => one.metadata.name === 'virt-controller');
  return {
    launcherImage: launcherImage(controller) ?? '',
    emulation: configuration.developerConfiguration?.useEmulation === true,
    silentConsole: configuration.virtualMachineOptions?.disableSerialConsoleLog !== undefined,
    isBlock: (claim) => (shelves.claims.get(claim, namespace) as Json)?.spec.volumeMode === 'Block',
  };
}

async function advance(control: VirtControl, instance: Json, pod: Json): Promise<void> {
  const { stage, shelves } = control;
  const { phase } = instance.status;
  if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded')
    return report(control, instance, entered(instance, pod.status.phase, stage.now()));
  if (phase === 'Pending')
    return report(control, instance, { ...entered(instance, 'Scheduling', stage.now()), conditions: null });
  if (phase === 'Scheduling') {
    if (runs(pod)) return report(control, instance, scheduledStatus(instance, pod, stage.now()));
    const conditions = waitingConditions(instance, pod, stage.now());
    return conditions === undefined ? undefined : report(control, instance, { conditions });
  }
  if (phase === 'Running') return refresh(control, instance);
  if (phase !== 'Scheduled') return;
  await stage.pause(3);
  const claim = (name: string) => shelves.claims.get(name, instance.metadata.namespace);
  const isWithout = stage.bench.troubles.has('guest-without-address');
  const seen = isWithout ? { ...pod, status: { ...pod.status, podIPs: [] } } : pod;
  await report(control, instance, runningStatus(instance, seen, claim, stage.now()));
}

/** A claim that has grown is seen by the guest at once. */
async function refresh(control: VirtControl, instance: Json): Promise<void> {
  const { claims } = control.shelves;
  const now = volumeStatus(instance, (name) => claims.get(name, instance.metadata.namespace));
  if (isDeepStrictEqual(instance.status.volumeStatus ?? [], JSON.parse(JSON.stringify(now)))) return;
  await report(control, instance, { volumeStatus: now });
}

/** All containers run: the readiness gate of the pod waits for us, so readiness itself cannot be asked. */
function runs(pod: Json): boolean {
  const statuses: readonly Json[] = pod.status?.containerStatuses ?? [];
  return (
    pod.status?.phase === 'Running' && statuses.length > 0 && statuses.every((one) => one.state?.running !== undefined)
  );
}

async function markUnpaused({ stage }: VirtControl, pod: Json): Promise<void> {
  const conditions: readonly Json[] = pod.status?.conditions ?? [];
  if (pod.metadata.deletionTimestamp !== undefined || conditions.some((one) => one.type === unpaused)) return;
  const now = stage.now();
  const own = {
    type: unpaused,
    status: 'True',
    reason: 'NotPaused',
    message: 'the virtual machine is not paused',
    lastProbeTime: now,
    lastTransitionTime: now,
  };
  // The scheduler and the kubelet write to the same list: what they have said meanwhile is not to be lost.
  await stage.api.patchStatus(pathOf(pod), { conditions: [...conditions, own] }, pod.metadata.resourceVersion);
}

/** The pod went away under a running guest: the instance has failed. */
function lost(control: VirtControl, instance: Json): Promise<void> {
  return report(control, instance, entered(instance, 'Failed', control.stage.now()));
}

async function clear({ stage }: VirtControl, pod: Json): Promise<void> {
  if (pod !== undefined && pod.metadata.deletionTimestamp === undefined) await stage.api.remove(pathOf(pod));
}

/** Deletion: the guest shuts down, the pod goes, then the finalizers. */
async function depart(control: VirtControl, instance: Json, pod: Json): Promise<void> {
  const { stage } = control;
  if (pod === undefined) {
    const held: readonly string[] = instance.metadata.finalizers ?? [];
    const finalizers = held.filter((one) => one !== MACHINE_FINALIZER && one !== FOREGROUND);
    if (finalizers.length < held.length) await stage.api.patch(pathOf(instance), { metadata: { finalizers } });
    return;
  }
  if (instance.status?.phase === 'Running') {
    await stage.pause(4);
    return report(control, instance, entered(instance, 'Succeeded', stage.now()));
  }
  return clear(control, pod);
}

/** The kind has no status subresource: its status is a part of it like any other. */
async function report({ stage }: VirtControl, instance: Json, status: Json): Promise<void> {
  await stage.api.patch(pathOf(instance), { status });
}
