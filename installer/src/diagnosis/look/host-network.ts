import type { Json } from '#kube/json';
import { objectName, podsOf } from '../names.ts';
import { signature } from '../signatures.ts';
import type { Survey } from '../survey.ts';
import { type About, known, rank, type Trouble, unknown } from '../trouble.ts';
import { clipped, conditionOf, conditionText } from '../words.ts';

/** Policies of the host network that failed on a node, and those that nothing carries out. */
export function hostNetworkTroubles(seen: Survey): readonly Trouble[] {
  return [
    ...seen.of('NodeNetworkConfigurationEnactment').flatMap((one) => failing(one, seen) ?? []),
    ...seen.of('NodeNetworkConfigurationPolicy').flatMap((one) => degraded(one, seen) ?? []),
  ];
}

function placeOf({ metadata }: Json): { readonly node: string; readonly policy: string } {
  const policy: string =
    metadata.labels?.['nmstate.io/policy'] ?? metadata.name.slice(metadata.name.lastIndexOf('.') + 1);
  return { policy, node: metadata.labels?.['nmstate.io/node'] ?? metadata.name.slice(0, -policy.length - 1) };
}

function failing(enactment: Json, seen: Survey): Trouble | undefined {
  const condition = conditionOf(enactment, 'Failing');
  if (condition?.status !== 'True') return undefined;
  const { node, policy } = placeOf(enactment);
  const said = clipped(condition.message ?? condition.reason);
  const about: About = {
    key: objectName(enactment),
    object: objectName(enactment),
    name: `network policy ${policy}`,
    rank: rank.network,
    code: 'COMPONENT-FAILED',
    message: `the network policy ${policy} could not be applied on ${node}`,
    evidence: [conditionText({ ...condition, message: '' }, seen.now)],
    blames: podsOf(seen.of('Pod'), 'nmstate-handler', node).map(objectName),
  };
  const ignored = unmanaged(enactment, node, seen);
  if (ignored === undefined) return known(about, signature(51), { node, name: policy }, said);
  const evidence = [`NodeNetworkState ${node}: ${ignored} has state: ignore`, ...(about.evidence ?? [])];
  return known({ ...about, evidence }, signature(49), { node, name: ignored }, said);
}

/** An interface of the policy that NetworkManager leaves alone. */
function unmanaged(enactment: Json, node: string, seen: Survey): string | undefined {
  const now: readonly Json[] =
    seen.of('NodeNetworkState').find(({ metadata }) => metadata.name === node)?.status?.currentState?.interfaces ?? [];
  const wanted: readonly Json[] = enactment.status?.desiredState?.interfaces ?? [];
  const named = new Set(
    wanted.flatMap(({ name, bridge, 'link-aggregation': bond }) => [
      name,
      ...(bridge?.port ?? []).map((one: Json) => one.name),
      ...(bond?.port ?? []),
    ]),
  );
  return now.find(({ name, state }) => state === 'ignore' && named.has(name))?.name;
}

function degraded(policy: Json, seen: Survey): Trouble | undefined {
  const condition = conditionOf(policy, 'Degraded');
  if (condition?.status !== 'True') return undefined;
  const { name } = policy.metadata;
  const blames = seen
    .of('NodeNetworkConfigurationEnactment')
    .filter((one) => placeOf(one).policy === name)
    .map(objectName);
  const about: About = {
    key: objectName(policy),
    object: objectName(policy),
    name: `network policy ${name}`,
    rank: rank.operator,
    code: 'COMPONENT-FAILED',
    message: `the network policy ${name} is Degraded`,
    evidence: [conditionText(condition, seen.now)],
    blames,
  };
  return unknown(
    about,
    [`kubectl get nnce -l nmstate.io/policy=${name} -o yaml`],
    clipped(condition.message ?? condition.reason),
  );
}
