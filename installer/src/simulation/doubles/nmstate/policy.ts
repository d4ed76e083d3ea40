import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { matchesLabels } from '../selector.ts';
import { keyOf } from '../shelf.ts';
import { withConditions, writeStatus } from '../status.ts';
import { obstacle } from './interfaces.ts';
import type { NodeStates } from './node-state.ts';

const APPLY_SECONDS = 18;

/** The handlers' part for policies: one enactment per node, then the policy's own verdict. */
export function policies(stage: Stage, states: NodeStates): void {
  const done = new Map<string, string>();
  const queue = stage.queue(async (name) => {
    const policy = shelf.get(name);
    if (policy === undefined || states.nodes().length === 0) return;
    const stamp = `${policy.metadata.uid} ${policy.metadata.generation}`;
    if (done.get(name) === stamp) return;
    await enact(stage, states, policy);
    done.set(name, stamp);
  });
  const shelf = stage.follow({
    path: kindPath('nmstate.io/v1', 'NodeNetworkConfigurationPolicy'),
    on: ({ type, object, before }) => {
      if (type !== 'DELETED' && before?.metadata.generation !== object.metadata.generation) queue.add(keyOf(object));
    },
  });
  states.onUp(() => {
    for (const policy of shelf.all()) queue.add(keyOf(policy));
  });
}

async function enact(stage: Stage, states: NodeStates, policy: KubeObject): Promise<void> {
  const all = await stage.api.list(kindPath('v1', 'Node'));
  const chosen = all.items
    .filter((node: KubeObject) => matchesLabels(policy['spec']?.nodeSelector ?? {}, node.metadata.labels))
    .filter((node: KubeObject) => states.nodes().includes(node.metadata.name));
  await tellPolicy(
    stage,
    policy,
    'ConfigurationProgressing',
    `Policy is progressing 0/${chosen.length} nodes finished`,
  );
  let failed = 0;
  for (const node of chosen) if (!(await enactOn(stage, states, policy, node))) failed++;
  const count = `${failed > 0 ? failed : chosen.length}/${chosen.length}`;
  if (chosen.length === 0) await tellPolicy(stage, policy, 'NoMatchingNode', 'Policy does not match any node');
  else if (failed > 0) await tellPolicy(stage, policy, 'FailedToConfigure', `${count} nodes failed to configure`);
  else await tellPolicy(stage, policy, 'SuccessfullyConfigured', `${count} nodes successfully configured`);
}

async function enactOn(stage: Stage, states: NodeStates, policy: KubeObject, node: KubeObject): Promise<boolean> {
  const desired: Json[] = policy['spec']?.desiredState?.interfaces ?? [];
  const enactment = await stage.api.ensure(enactmentOf(policy, node));
  const generation = policy.metadata.generation;
  const tell = async (reason: string, message: string) => {
    const conditions = withConditions(
      enactment['status']?.conditions,
      stage.now(),
      verdict(reason, message, ['Failing', 'Available', 'Progressing', 'Pending', 'Aborted'], stage.now()),
    );
    await writeStatus(stage, enactment, {
      desiredState: policy['spec']?.desiredState,
      policyGeneration: generation,
      conditions,
    });
  };
  await tell('ConfigurationProgressing', 'Applying desired state');
  const refused = stage.bench.troubles.has('policy-refused') ? unverified(desired) : undefined;
  const problem = refused ?? obstacle(await states.interfacesOf(node.metadata.name), desired);
  await stage.pause(problem?.seconds ?? APPLY_SECONDS);
  if (problem !== undefined) {
    const at = `error reconciling NodeNetworkConfigurationPolicy on node ${node.metadata.name} at desired state apply`;
    await tell('FailedToConfigure', `${at}: "${problem.message}"`);
    return false;
  }
  await states.report(node.metadata.name, desired);
  await tell('SuccessfullyConfigured', 'successfully reconciled');
  return true;
}

/** nmstate applies a state, looks whether it has come about, and goes back to its checkpoint when it has not. */
function unverified(desired: readonly Json[]): { readonly message: string; readonly seconds: number } {
  const { name, state } = desired[0] ?? {};
  const current = state === 'up' ? 'down' : 'up';
  const what = `${name}.interface.state desire '${state}', current '${current}'`;
  return { message: `NmstateError: VerificationError: Verification failure: ${what}`, seconds: APPLY_SECONDS };
}

function enactmentOf(policy: KubeObject, node: KubeObject): KubeObject {
  const { name } = node.metadata;
  return {
    apiVersion: 'nmstate.io/v1beta1',
    kind: 'NodeNetworkConfigurationEnactment',
    metadata: {
      name: `${name}.${policy.metadata.name}`,
      labels: { 'nmstate.io/node': name, 'nmstate.io/policy': policy.metadata.name },
      ownerReferences: [
        {
          apiVersion: policy.apiVersion,
          kind: policy.kind,
          name: policy.metadata.name,
          uid: policy.metadata.uid ?? '',
        },
      ],
    },
  };
}

async function tellPolicy(stage: Stage, policy: KubeObject, reason: string, message: string): Promise<void> {
  const conditions = verdict(reason, message, ['Available', 'Degraded', 'Progressing', 'Ignored'], stage.now());
  const now = {
    ...policy,
    status: (await stage.api.get(`${kindPath(policy.apiVersion, policy.kind)}/${policy.metadata.name}`))?.['status'],
  };
  await writeStatus(stage, now, { conditions: withConditions(now.status?.conditions, stage.now(), conditions) });
}

const MEANING: Readonly<Record<string, string>> = {
  SuccessfullyConfigured: 'Available',
  ConfigurationProgressing: 'Progressing',
  NoMatchingNode: 'Ignored',
};

/** All conditions at once: the one that the reason stands for is true, those that are decided are false. */
function verdict(reason: string, message: string, types: readonly string[], now: string) {
  const failing = types.includes('Failing') ? 'Failing' : 'Degraded';
  const meant = reason === 'FailedToConfigure' ? failing : MEANING[reason];
  const open = reason === 'ConfigurationProgressing';
  return types.map((type) => {
    if (type === meant) return { type, status: 'True', reason, message, lastHeartbeatTime: now };
    const status = open && type !== 'Pending' && type !== 'Aborted' ? 'Unknown' : 'False';
    return { type, status, reason, lastHeartbeatTime: now };
  });
}
