import type { Json } from '#kube/json';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { isAvailable } from '../readiness.ts';
import { keyOf, type Shelf } from '../shelf.ts';
import { tellOutdated } from './outdated-workloads.ts';
import { reconcileMachine } from './vm-reconcile.ts';
import { claimNames } from './vm-storage.ts';
import { reconcileInstance } from './vmi-reconcile.ts';

/** Everything that virt-controller and virt-handler look at, kept fresh. */
export interface VirtShelves {
  readonly machines: Shelf;
  readonly instances: Shelf;
  readonly pods: Shelf;
  readonly claims: Shelf;
  readonly dataVolumes: Shelf;
  readonly kubevirts: Shelf;
  readonly deployments: Shelf;
}

export interface VirtControl {
  readonly stage: Stage;
  readonly shelves: VirtShelves;
}

const core = 'kubevirt.io/v1';

/** virt-controller: from VirtualMachine to VirtualMachineInstance to launcher pod, and the states of all three. */
export function virtController(stage: Stage): VirtShelves {
  const control: VirtControl = { stage, shelves: {} as VirtShelves };
  const busy = () =>
    control.shelves.deployments.all().some((one) => one.metadata.name === 'virt-controller' && isAvailable(one));
  const machineQueue = stage.queue(async (key) => (busy() ? reconcileMachine(control, key) : undefined));
  const instanceQueue = stage.queue(async (key) => (busy() ? reconcileInstance(control, key) : undefined));
  const outdated = stage.queue(() => tellOutdated(stage, control.shelves));
  const both = (key: string) => {
    instanceQueue.add(key);
    machineQueue.add(key);
    outdated.add('outdated');
  };
  const everything = () => {
    for (const one of [...control.shelves.machines.all(), ...control.shelves.instances.all()]) both(keyOf(one));
  };
  const users = (namespace: string | undefined, claim: string) => {
    for (const one of [...control.shelves.machines.all(), ...control.shelves.instances.all()]) {
      const spec: Json = (one as Json).spec.template?.spec ?? one.spec;
      const uses = one.metadata.namespace === namespace && claimNames(spec).some((other) => other.claim === claim);
      if (uses) both(keyOf(one));
    }
  };
  const again = () => outdated.add('outdated');
  Object.assign(control.shelves, follow(stage, { both, everything, users, again }));
  return control.shelves;
}

interface Reactions {
  both(key: string): void;
  everything(): void;
  users(namespace: string | undefined, claim: string): void;
  again(): void;
}

function follow(stage: Stage, { both, everything, users, again }: Reactions): VirtShelves {
  const launcher = { labelSelector: 'kubevirt.io=virt-launcher' };
  return {
    machines: stage.follow({ path: kindPath(core, 'VirtualMachine'), on: ({ object }) => both(keyOf(object)) }),
    instances: stage.follow({
      path: kindPath(core, 'VirtualMachineInstance'),
      on: ({ object }) => both(keyOf(object)),
    }),
    pods: stage.follow({
      path: kindPath('v1', 'Pod'),
      query: launcher,
      on: ({ object }) => both(`${object.metadata.namespace}/${object.metadata.labels?.['vm.kubevirt.io/name']}`),
    }),
    claims: stage.follow({
      path: kindPath('v1', 'PersistentVolumeClaim'),
      on: ({ object }) => users(object.metadata.namespace, object.metadata.name),
    }),
    dataVolumes: stage.follow({
      path: kindPath('cdi.kubevirt.io/v1beta1', 'DataVolume'),
      on: ({ object }) => users(object.metadata.namespace, object.metadata.name),
    }),
    kubevirts: stage.follow({ path: kindPath(core, 'KubeVirt'), on: again }),
    deployments: stage.follow({
      path: kindPath('apps/v1', 'Deployment', 'kubevirt'),
      query: { fieldSelector: 'metadata.name=virt-controller' },
      on: everything,
    }),
  };
}
