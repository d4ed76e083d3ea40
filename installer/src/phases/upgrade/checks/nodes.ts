import type { Json } from '#kube/json';
import type { Look, Problem } from './problem.ts';

const pressures = ['MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** Every node is Ready, has room, and takes the pods that the upgrade starts anew. */
export const nodesWell: Look = async ({ cluster }) => {
  const nodes: readonly Json[] = await cluster.list({ apiVersion: 'v1', kind: 'Node' });
  return nodes.flatMap(({ metadata: { name }, spec, status }) =>
    problemsOf(name, spec ?? {}, status?.conditions ?? []),
  );
};

function problemsOf(name: string, spec: Json, conditions: readonly Json[]): readonly Problem[] {
  const of = (type: string): Json => conditions.find((one) => one.type === type);
  const ready = of('Ready');
  const problems: Problem[] = [];
  const remedy = `kubectl describe node ${name}`;
  if (ready?.status !== 'True')
    problems.push({
      sentence: `node ${name} is not Ready: ${ready?.message ?? 'it has not reported yet'}`,
      remedy,
      passing: true,
    });
  for (const type of pressures.filter((one) => of(one)?.status === 'True'))
    problems.push({
      sentence: `node ${name} has ${type}: ${of(type).message}`,
      remedy: `${remedy}          shows what takes it up`,
    });
  if (spec.unschedulable === true)
    problems.push({
      sentence: `node ${name} takes no new pods, because somebody has cordoned it`,
      remedy: `kubectl uncordon ${name}`,
    });
  return problems;
}
