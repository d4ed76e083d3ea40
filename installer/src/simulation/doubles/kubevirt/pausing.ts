import type { Json } from '#kube/json';
import type { Response } from '#kube/transport';
import type { Stage } from '../double.ts';
import { kindPath, pathOf } from '../kube-path.ts';
import { isTrue, withConditions } from '../status.ts';
import { refusal } from './refusal.ts';
import { instancePath } from './snapshot-terms.ts';

/** How long QEMU takes to stand still. */
const SECONDS = 0.5;
const UNPAUSED = 'kubevirt.io/virtual-machine-unpaused';

/** What `virtctl pause` and `virtctl unpause` send. virt-handler tells of it a moment later. */
export async function pausing(stage: Stage, namespace: string, name: string, verb: string): Promise<Response> {
  const instance: Json = await stage.api.get(instancePath(namespace, name));
  if (instance === undefined) return refusal(404, `virtualmachineinstance.kubevirt.io "${name}" not found`);
  const { phase } = instance.status ?? {};
  if (phase !== 'Running') return conflict(name, 'VMI is not running');
  const isPaused = isTrue(instance, 'Paused');
  if (verb === 'pause' && isPaused) return conflict(name, 'VMI is already paused');
  if (verb === 'unpause' && !isPaused) return conflict(name, 'VMI is not paused');
  stage.spawn(async () => {
    await stage.pause(SECONDS);
    await tell(stage, pathOf(instance), verb === 'pause');
  });
  return { status: 202, body: null };
}

async function tell(stage: Stage, path: string, paused: boolean): Promise<void> {
  const instance: Json = await stage.api.get(path);
  if (instance?.status?.phase !== 'Running') return;
  const others = (instance.status.conditions ?? []).filter((one: Json) => one.type !== 'Paused');
  const conditions = withConditions(others, stage.now(), [ready(paused), ...(paused ? [pausedByUser] : [])]);
  await stage.api.patch(path, { status: { conditions } });
  await gate(stage, instance, paused);
}

/** The readiness gate of the launcher pod. */
async function gate(stage: Stage, { metadata }: Json, paused: boolean): Promise<void> {
  const labelSelector = `kubevirt.io/created-by=${metadata.uid}`;
  const { items } = await stage.api.list(kindPath('v1', 'Pod', metadata.namespace), { labelSelector });
  const words = paused
    ? { status: 'False', reason: 'Paused', message: 'the virtual machine is paused' }
    : { status: 'True', reason: 'NotPaused', message: 'the virtual machine is not paused' };
  for (const pod of items) {
    const conditions = withConditions(pod.status?.conditions, stage.now(), [{ type: UNPAUSED, ...words }]);
    await stage.api.patchStatus(`${kindPath('v1', 'Pod', metadata.namespace)}/${pod.metadata.name}`, { conditions });
  }
}

const pausedByUser = { type: 'Paused', status: 'True', reason: 'PausedByUser', message: 'VMI was paused by user' };

/** Of the pod, which has a readiness gate for this. */
function ready(paused: boolean) {
  if (!paused) return { type: 'Ready', status: 'True' };
  const message = 'the status of pod readiness gate "kubevirt.io/virtual-machine-unpaused" is not "True", but False';
  return { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message };
}

function conflict(name: string, why: string): Response {
  const about = `Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io "${name}"`;
  return refusal(409, `${about}: ${why}`);
}
