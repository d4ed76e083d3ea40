import { meaningOf } from '#diagnosis/signatures';
import { remediesOf } from '#diagnosis/signatures/signature';
import { Fault } from '#engine/fault';
import { minute } from '#engine/step';
import type { Json } from '#kube/json';
import type { Persistence } from './persistence.ts';

export interface NodeTrouble {
  readonly because: string;
  readonly hopeless?: Fault;
  readonly blame?: Fault;
}

/** What a node says of itself for so long, in the same words, does not pass by itself. */
const patience = 5 * minute;
const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'];

/** Why a node is not Ready: the words of its kubelet, what they mean, and since when it says so. */
export function nodeTrouble(node: Json, now: number, lasting: Persistence): NodeTrouble {
  const { name } = node.metadata;
  const conditions: readonly Json[] = node.status?.conditions ?? [];
  const ready = conditions.find(({ type }) => type === 'Ready');
  const message: string = ready?.message ?? 'nothing is known of it yet';
  const because = `node ${name} is not Ready: ${message}`;
  const fault = notReady(name, ready, conditions);
  const stayed = lasting.stayed(`node ${name} ${message}`, now, patience);
  return { because, ...(stayed ? { hopeless: fault } : { blame: fault }) };
}

function remedies(name: string): readonly string[] {
  return [
    `journalctl --no-pager --unit k3s --lines 100          on ${name}`,
    `kubectl describe node ${name}          everything that it says of itself`,
  ];
}

function notReady(name: string, ready: Json, conditions: readonly Json[]): Fault {
  const state = ready === undefined ? '' : `: its condition Ready is ${ready.status} (${ready.reason})`;
  const message: string = ready?.message ?? 'its kubelet has not said why';
  const known = meaningOf(message);
  const pressed = conditions.filter(({ type, status }) => pressures.includes(type) && status === 'True');
  return new Fault({
    code: 'NODE-NOT-READY',
    message: `node ${name} is not Ready${state}`,
    cause: known === undefined ? message : new Error(known.cause, { cause: message }),
    where: [`object Node ${name}`],
    evidence: [
      ...(ready === undefined
        ? []
        : [`not Ready since ${ready.lastTransitionTime}, last reported at ${ready.lastHeartbeatTime}`]),
      ...pressed.map(({ type, message: said }) => `${type}: ${said}`),
    ],
    remedy: [
      known === undefined ? `systemctl status k3s          on ${name}` : remediesOf(known, { node: name })[0],
      ...remedies(name),
    ],
  });
}
