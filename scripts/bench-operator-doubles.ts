import { systemClock } from '#adapters/system-clock';
import { KubeClient } from '#kube/client';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { Reflector } from '#kube/reflector';
import type { ControlPlane } from '../test/testbed/control-plane.ts';

/** A provisioner and a KubeVirt that take no time at all: each claim is bound, each machine runs, at once. */
export async function instantDoubles(plane: ControlPlane, signal: AbortSignal): Promise<void> {
  const transport = plane.transport('doubles');
  const clock = systemClock();
  const client = new KubeClient({ transport, fieldManager: 'doubles', sleep: clock.sleep });
  const follow = async (apiVersion: string, kind: string, act: (object: KubeObject) => Promise<unknown>) => {
    const reflector = new Reflector({ transport, clock, discovery: client.discovery, query: { apiVersion, kind } });
    const seen = (object: KubeObject) => void act(object).catch(() => undefined);
    reflector.onChange({ added: seen, updated: seen });
    void reflector.run(signal);
    await reflector.synced;
  };
  await follow('v1', 'PersistentVolumeClaim', (claim) => bind(client, claim));
  await follow('kubevirt.io/v1', 'VirtualMachine', (machine) => boot(client, machine));
}

async function bind(client: KubeClient, claim: KubeObject): Promise<void> {
  if (claim['status']?.phase === 'Bound') return;
  const { storage } = claim['spec'].resources.requests;
  await client.patchStatus(refOf(claim), { phase: 'Bound', capacity: { storage } });
}

async function boot(client: KubeClient, machine: KubeObject): Promise<void> {
  const { metadata } = machine;
  if (machine['status']?.printableStatus === 'Running' || metadata.deletionTimestamp !== undefined) return;
  const { name, namespace, uid = '' } = metadata;
  const owner = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', name, uid, controller: true };
  const template: Json = machine['spec'].template;
  const instance = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name, ...(namespace && { namespace }), labels: template.metadata.labels, ownerReferences: [owner] },
    spec: template.spec,
  };
  // Instances have no endpoint of their own for their status.
  const conditions = [{ type: 'Ready', status: 'True' }];
  const interfaces = [{ name: 'default', ipAddress: '10.42.0.9', mac: '02:00:00:00:00:01', interfaceName: 'enp1s0' }];
  await client.create({ ...instance, status: { phase: 'Running', nodeName: 'node-a', conditions, interfaces } });
  await client.patchStatus(refOf(machine), { printableStatus: 'Running', ready: true, created: true });
}

function refOf({ apiVersion, kind, metadata }: KubeObject) {
  const { name, namespace } = metadata;
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
