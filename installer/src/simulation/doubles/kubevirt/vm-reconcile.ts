import type { Json } from '#kube/json';
import { kindPath, pathOf } from '../kube-path.ts';
import type { VirtControl } from './virt-controller.ts';
import { machineOwner } from './vm-restore-objects.ts';
import { wishFor } from './vm-run-strategy.ts';
import { machineStatus } from './vm-status.ts';
import { storageOf } from './vm-storage.ts';

export const MACHINE_FINALIZER = 'kubevirt.io/virtualMachineControllerFinalize';
export const FOREGROUND = 'kubevirt.io/foregroundDeleteVirtualMachine';

/** Brings one virtual machine a step further; everything else follows from the events of that step. */
export async function reconcileMachine(control: VirtControl, key: string): Promise<void> {
  const [namespace, name] = key.split('/') as [string, string];
  const { api } = control.stage;
  const machine: Json = await api.get(`${kindPath('kubevirt.io/v1', 'VirtualMachine', namespace)}/${name}`);
  if (machine === undefined) return;
  const instance: Json = await api.get(`${kindPath('kubevirt.io/v1', 'VirtualMachineInstance', namespace)}/${name}`);
  if (machine.status === undefined) return greet(control, machine);
  if (machine.metadata.deletionTimestamp !== undefined)
    return depart(control, machine, owns(machine, instance) ? instance : undefined);
  const finalizers: readonly string[] = machine.metadata.finalizers ?? [];
  if (finalizers.includes(MACHINE_FINALIZER)) return keep(control, machine, instance);
  await api.patch(pathOf(machine), { metadata: { finalizers: [...finalizers, MACHINE_FINALIZER] } });
}

function owns(machine: Json, instance: Json): boolean {
  return (instance?.metadata.ownerReferences ?? []).some((one: Json) => one.uid === machine.metadata.uid);
}

/** The first word about a new machine, before anything is done for it. */
async function greet({ stage }: VirtControl, machine: Json): Promise<void> {
  const { printableStatus, volumeSnapshotStatuses } = machineStatus(
    machine,
    undefined,
    { state: 'ready' },
    stage.now(),
  );
  await stage.api.patchStatus(pathOf(machine), { printableStatus, volumeSnapshotStatuses });
}

async function keep(control: VirtControl, machine: Json, instance: Json): Promise<void> {
  const { stage, shelves } = control;
  await makeDataVolumes(control, machine);
  const storage = storageOf(machine.spec.template.spec, machine.metadata.namespace, shelves);
  const status = machineStatus(machine, owns(machine, instance) ? instance : undefined, storage, stage.now());
  if (differs(machine.status, status)) await stage.api.patchStatus(pathOf(machine), status);
  await act(control, machine, instance, storage.state === 'provisioning' || storage.state === 'failed');
}

/** Does what the run strategy, or a person with virtctl, asks for; what was asked for once is done once. */
async function act({ stage }: VirtControl, machine: Json, instance: Json, waits: boolean): Promise<void> {
  const wish = wishFor(machine, instance);
  if (wish === 'start' && !waits) await stage.api.ensure(newInstance(machine));
  if ((wish === 'stop' || wish === 'restart') && instance !== undefined) await stage.api.remove(pathOf(instance));
  if (machine.status?.stateChangeRequests === undefined || waits) return;
  await stage.api.patchStatus(pathOf(machine), { stateChangeRequests: null });
}

/** Deletion: first the instance, then the finalizer. */
async function depart({ stage }: VirtControl, machine: Json, instance: Json): Promise<void> {
  if (instance !== undefined) {
    if (instance.metadata.deletionTimestamp === undefined) await stage.api.remove(pathOf(instance));
    return;
  }
  const finalizers = (machine.metadata.finalizers ?? []).filter((one: string) => one !== MACHINE_FINALIZER);
  if (finalizers.length !== (machine.metadata.finalizers ?? []).length)
    await stage.api.patch(pathOf(machine), { metadata: { finalizers } });
}

async function makeDataVolumes({ stage, shelves }: VirtControl, machine: Json): Promise<void> {
  for (const template of machine.spec.dataVolumeTemplates ?? []) {
    if (shelves.dataVolumes.get(template.metadata.name, machine.metadata.namespace) !== undefined) continue;
    const metadata = {
      ...template.metadata,
      namespace: machine.metadata.namespace,
      ownerReferences: [machineOwner(machine)],
    };
    await stage.api.ensure({
      apiVersion: 'cdi.kubevirt.io/v1beta1',
      kind: 'DataVolume',
      metadata,
      spec: template.spec,
    });
  }
}

function newInstance(machine: Json): Json {
  const { metadata = {}, spec } = machine.spec.template;
  const { name, namespace, generation = 1 } = machine.metadata;
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      name,
      namespace,
      labels: { ...metadata.labels },
      annotations: {
        ...metadata.annotations,
        'kubevirt.io/latest-observed-api-version': 'v1',
        'kubevirt.io/pci-topology-version': 'v3',
        'kubevirt.io/storage-observed-api-version': 'v1',
        'kubevirt.io/vm-generation': String(generation),
      },
      finalizers: [MACHINE_FINALIZER, FOREGROUND],
      ownerReferences: [machineOwner(machine)],
    },
    spec: { evictionStrategy: 'None', ...withoutAbsent(spec) },
  };
}

/** NICs that are to be unplugged do not come into a new instance. */
function withoutAbsent(spec: Json): Json {
  const { devices = {} } = spec.domain ?? {};
  const absent = new Set(
    (devices.interfaces ?? []).filter((one: Json) => one.state === 'absent').map((one: Json) => one.name),
  );
  if (absent.size === 0) return spec;
  const stays = ({ name }: Json) => !absent.has(name);
  const interfaces = devices.interfaces.filter(stays);
  return {
    ...spec,
    domain: { ...spec.domain, devices: { ...devices, interfaces } },
    networks: spec.networks.filter(stays),
  };
}

/** Whether a patch would change anything; null stands for a field that is to be gone. */
function differs(before: Json, after: Json): boolean {
  return Object.entries(after).some(
    ([field, value]) => JSON.stringify(before?.[field] ?? null) !== JSON.stringify(value ?? null),
  );
}
