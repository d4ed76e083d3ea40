import type { Json } from '#kube/json';

export type Wish = 'start' | 'stop' | 'restart' | 'leave';

const final = ['Succeeded', 'Failed'];

/** The run strategy of a virtual machine; `running` is its older spelling. */
export function runStrategy(machine: Json): string {
  return machine.spec.runStrategy ?? (machine.spec.running === true ? 'Always' : 'Halted');
}

/** What virt-controller does about the instance of a virtual machine. */
export function wishFor(machine: Json, instance: Json): Wish {
  const strategy = runStrategy(machine);
  const requested = machine.status?.stateChangeRequests?.[0]?.action;
  const ended = instance !== undefined && final.includes(instance.status?.phase);
  if (instance?.metadata.deletionTimestamp !== undefined) return 'leave';
  switch (strategy) {
    case 'Always':
      return instance === undefined ? 'start' : ended ? 'restart' : 'leave';
    case 'RerunOnFailure':
      if (instance === undefined) return 'start';
      return instance.status?.phase === 'Failed' ? 'restart' : 'leave';
    case 'Once':
      return instance === undefined && machine.status?.created !== true && !hasStarted(machine) ? 'start' : 'leave';
    case 'Manual':
      if (requested === 'Start' && instance === undefined) return 'start';
      return requested === 'Stop' && instance !== undefined ? 'stop' : 'leave';
    default:
      return instance === undefined ? 'leave' : 'stop';
  }
}

function hasStarted(machine: Json): boolean {
  return machine.status?.observedGeneration !== undefined;
}
