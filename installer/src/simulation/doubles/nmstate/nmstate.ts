import type { KubeObject } from '#kube/object';
import { double, type Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { isReady } from '../owned-pods.ts';
import { renewed } from '../renewed.ts';
import { keyOf } from '../shelf.ts';
import { withConditions, writeStatus } from '../status.ts';
import { nodeStates } from './node-state.ts';
import { operands } from './operands.ts';
import { policies } from './policy.ts';

/** kubernetes-nmstate: the operator deploys its operands for an NMState, the handlers report and change networks. */
export const nmstateDouble = double('kubernetes-nmstate', (stage) => {
  const again = () => {
    for (const wish of wishes.all()) queue.add(keyOf(wish));
  };
  const operators = stage.follow({
    path: kindPath('v1', 'Pod'),
    query: { labelSelector: 'app=kubernetes-nmstate-operator' },
    on: ({ type, object, before }) => {
      if (type === 'DELETED' || before === undefined || isReady(before) !== isReady(object)) again();
    },
  });
  const wishes = stage.follow({
    path: kindPath('nmstate.io/v1', 'NMState'),
    on: ({ object }) => queue.add(keyOf(object)),
  });
  const queue = stage.queue(async (name) => {
    const wanted = wishes.get(name);
    const operator = operators.all().find((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined);
    if (wanted === undefined || operator === undefined || wanted.metadata.deletionTimestamp !== undefined) return;
    await deploy(stage, wanted, operator);
  });
  for (const kind of ['DaemonSet', 'Deployment']) {
    stage.follow({ path: kindPath('apps/v1', kind), query: { labelSelector: 'app=kubernetes-nmstate' }, on: again });
  }
  policies(stage, nodeStates(stage));
});

async function deploy(stage: Stage, wish: KubeObject, operator: KubeObject): Promise<void> {
  const made: KubeObject[] = [];
  for (const object of operands(operator, wish))
    made.push(await (isWorkload(object) ? renewed(stage, object) : stage.api.ensure(object)));
  const workloads = made.filter(isWorkload);
  const waiting = workloads.filter((one) => !isRolledOut(one)).map((one) => one.metadata.name);
  const done = waiting.length === 0;
  const message = done ? 'All components successfully deployed' : `Waiting for ${waiting.join(', ')}`;
  const conditions = [
    {
      type: 'Available',
      status: done ? 'True' : 'False',
      reason: done ? 'SuccessfullyDeployed' : 'Deploying',
      message,
    },
    {
      type: 'Progressing',
      status: done ? 'False' : 'True',
      reason: done ? 'SuccessfullyDeployed' : 'Deploying',
      message,
    },
    { type: 'Degraded', status: 'False', reason: done ? 'SuccessfullyDeployed' : 'Deploying', message: '' },
  ];
  const now = stage.now();
  const before = wish['status']?.conditions ?? [];
  const heartbeat = (type: string) =>
    before.find((one: { type: string }) => one.type === type)?.lastHeartbeatTime ?? now;
  const told = conditions.map((one) => ({ ...one, lastHeartbeatTime: heartbeat(one.type) }));
  await writeStatus(stage, wish, { conditions: withConditions(before, now, told) });
}

function isWorkload({ kind }: KubeObject): boolean {
  return kind === 'DaemonSet' || kind === 'Deployment';
}

function isRolledOut(object: KubeObject): boolean {
  const status = object['status'] ?? {};
  if (object.kind === 'Deployment') return (status.availableReplicas ?? 0) >= (object['spec'].replicas ?? 1);
  return (status.desiredNumberScheduled ?? 0) > 0 && status.numberReady >= status.desiredNumberScheduled;
}
