import { type Act, type Gate, minute, type Phase, type Step, second } from '#engine/step';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import type { Sight, Stage } from '#ports/world';
import { gate, met, unmet } from '../../verbs/condition.ts';
import { refOf } from '../../verbs/object-name.ts';
import { absence } from '../removal/keepers.ts';
import { allOf } from '../removal/kinds.ts';
import { parts } from '../removal/parts.ts';
import { takenOff } from '../removal/taken-off.ts';
import { phase, resource, rest } from './component-phases.ts';
import { removableIn } from './nmstate-interfaces.ts';

const policyKind = { apiVersion: 'nmstate.io/v1', kind: 'NodeNetworkConfigurationPolicy' };
const handler = { kind: 'DaemonSet', namespace: 'nmstate', name: 'nmstate-handler' } as const;

export function nmstateOff(site: Site): Phase {
  return phase('reset-nmstate', 'Take off NMState', [
    networksTakenBack(site),
    resource('reset-nmstate', 'Let NMState take itself down', { apiVersion: 'nmstate.io/v1', kind: 'NMState' }),
    rest('reset-nmstate', 'what is left of NMState', parts.nmstate),
  ]);
}

/**
 * A policy that is deleted leaves the network as it made it, so each is first told to take its interfaces back. What
 * carries the node itself stays: a reset must not cut the branch that it sits on.
 */
function networksTakenBack(site: Site): Step {
  return takenOff({
    id: 'reset-nmstate/policies',
    title: 'Take back what policies made of the network',
    groups: async ({ cluster }) => [await allOf(cluster, [policyKind])],
    async before(group, stage, act) {
      if ((await absence(handler, stage.cluster)) !== undefined) return;
      for (const policy of group) await takeBack(policy, site, stage, act);
    },
  });
}

async function takeBack(policy: KubeObject, site: Site, { cluster }: Stage, act: Act): Promise<void> {
  const names = await removableIn(policy, site, cluster);
  const before = withdrawn(policy);
  // A run that was cut may have told it already, and the nodes are still at it.
  if (names.length === 0) return void (before.length > 0 && (await act.waitFor(takenBack(policy, before))));
  const interfaces = names.map((name) => ({ name, state: 'absent' }));
  const changed = await cluster.merge(refOf(policy), { spec: { desiredState: wiped(policy, interfaces) } });
  if (changed !== undefined) await act.waitFor(takenBack(changed, names));
}

function withdrawn({ spec }: Json): readonly string[] {
  const interfaces: readonly Json[] = spec?.desiredState?.interfaces ?? [];
  return interfaces.filter(({ state }) => state === 'absent').map(({ name }) => name);
}

/** A merge patch keeps what it does not name: routes and rules of the old state are named to be gone. */
function wiped({ spec }: Json, interfaces: readonly object[]): object {
  const old = Object.keys(spec?.desiredState ?? {}).map((key) => [key, null]);
  return { ...Object.fromEntries(old), interfaces };
}

function takenBack(policy: KubeObject, names: readonly string[]): Gate {
  const { name, generation } = policy.metadata;
  const about = { title: `${names.join(', ')} to be taken back on every node`, soft: 2 * minute, hard: 12 * minute };
  return gate({ ...about, every: 5 * second }, async ({ cluster }: Sight) => {
    const live: Json = await cluster.get(refOf(policy));
    if (live === undefined) return met();
    const is = (type: string) =>
      (live.status?.conditions ?? []).find((one: Json) => one.type === type && one.status === 'True');
    const enacted: readonly Json[] = await allOf(
      cluster,
      [{ apiVersion: 'nmstate.io/v1beta1', kind: 'NodeNetworkConfigurationEnactment' }],
      `nmstate.io/policy=${name}`,
    );
    const isNow = enacted.every(({ status }) => (status?.policyGeneration ?? 0) >= (generation ?? 0));
    const isSeen = is('Ignored') !== undefined || (enacted.length > 0 && isNow);
    if (isSeen && (is('Available') ?? is('Ignored')) !== undefined)
      return met(`policy ${name}: ${names.join(', ')} taken back`);
    const degraded = is('Degraded');
    if (degraded !== undefined && isSeen)
      return met(`policy ${name} could not be taken back (${degraded.message}): ${names.join(', ')} may stay`);
    return unmet(`policy ${name} is not applied yet`);
  });
}
