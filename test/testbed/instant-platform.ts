import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { systemClock } from '#adapters/system-clock';
import { KubeClient } from '#kube/client';
import type { KubeObject } from '#kube/object';
import { refOf } from '#kube/ref';
import { Reflector } from '#kube/reflector';
import { cdiKinds } from '#simulation/doubles/cdi/cdi-kinds';
import { kubevirtKinds } from '#simulation/doubles/kubevirt/kubevirt-kinds';
import { platformCrd } from '#simulation/doubles/platform-crd';
import { root } from '../fixtures/rehearsed.ts';
import type { ControlPlane } from './control-plane.ts';

const storageClass = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'instant', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'example.test/instant',
  volumeBindingMode: 'Immediate',
};

/**
 * What the operator needs of a platform and nothing more: its own kinds and rights, the kinds of KubeVirt and CDI, and
 * a provisioner and a KubeVirt that take no time: each claim is bound, each machine runs, at once. Until the signal aborts.
 */
export async function instantPlatform(plane: ControlPlane, signal: AbortSignal): Promise<void> {
  const transport = plane.transport('doubles');
  const clock = systemClock();
  const client = new KubeClient({ transport, fieldManager: 'doubles', sleep: clock.sleep });
  const rights = manifest('operator.yaml').filter(({ kind }) => kind !== 'Deployment');
  const kinds = [...manifest('crds.yaml'), ...[...kubevirtKinds, ...cdiKinds].map((kind) => platformCrd(kind))];
  for (const object of [...kinds, ...rights, storageClass]) await client.apply(object);
  for (const crd of kinds) await established(client, crd);
  const follow = async (apiVersion: string, kind: string, act: (object: KubeObject) => Promise<unknown>) => {
    const reflector = new Reflector({ transport, clock, discovery: client.discovery, query: { apiVersion, kind } });
    // What fails is seen again as soon as it changes; what never gets so shows in the test.
    const seen = (object: KubeObject) => void act(object).catch(() => undefined);
    reflector.onChange({ added: seen, updated: seen });
    void reflector.run(signal);
    await reflector.synced;
  };
  await follow('v1', 'PersistentVolumeClaim', (claim) => bind(client, claim));
  await follow('kubevirt.io/v1', 'VirtualMachine', (machine) => boot(client, machine));
}

function manifest(file: string): readonly KubeObject[] {
  return loadAll(readFileSync(join(root, 'manifests/operator', file), 'utf8')) as readonly KubeObject[];
}

/** A kind can be watched a moment after it is served: until then the API server says that its storage begins. */
async function established(client: KubeClient, crd: KubeObject): Promise<void> {
  const { group, names, versions } = crd['spec'];
  const path = `/apis/${group}/${versions[0].name}/${names.plural}`;
  while ((await client.request({ method: 'GET', path })).status !== 200) await systemClock().sleep(50);
}

async function bind(client: KubeClient, claim: KubeObject): Promise<void> {
  if (claim['status']?.phase === 'Bound') return;
  const { storage } = claim['spec'].resources.requests;
  await client.patchStatus(refOf(claim), { phase: 'Bound', capacity: { storage } });
}

async function boot(client: KubeClient, machine: KubeObject): Promise<void> {
  const { name, namespace = 'default', uid = '', deletionTimestamp } = machine.metadata;
  if (machine['status']?.printableStatus === 'Running' || deletionTimestamp !== undefined) return;
  const owner = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', name, uid, controller: true };
  const { metadata, spec } = machine['spec'].template;
  // This kind has no status subresource: its status is a part of it like any other.
  const instance = {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: { name, namespace, labels: metadata.labels, ownerReferences: [owner] },
    spec,
    status: {
      phase: 'Running',
      nodeName: 'node-a',
      conditions: [{ type: 'Ready', status: 'True' }],
      interfaces: [{ name: 'default', ipAddress: '10.42.0.9', mac: '02:00:00:00:00:01', interfaceName: 'enp1s0' }],
    },
  };
  if ((await client.get(refOf(instance))) === undefined) await client.create(instance);
  await client.patchStatus(refOf(machine), { printableStatus: 'Running', ready: true, created: true });
}
