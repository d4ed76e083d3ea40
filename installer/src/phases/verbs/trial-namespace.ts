import { type Act, minute, second } from '#engine/step';
import type { Stage } from '#ports/world';
import { gate, met, unmet } from './condition.ts';

/** Where trials run and where their records are kept; the operator lives there later. */
export const trialNamespace = 'novasphere-system';

/** Makes a namespace that pods can be created in: its ServiceAccount appears a moment after it. */
export async function trialNamespaceReady(
  stage: Stage,
  act: Pick<Act, 'waitFor'>,
  name: string = trialNamespace,
): Promise<void> {
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: name, name: 'default' };
  if ((await stage.cluster.get(account)) !== undefined) return;
  await namespaceMade(stage, name);
  const title = `pods to be possible in namespace ${name}`;
  await act.waitFor(
    gate({ title, soft: 20 * second, hard: 2 * minute }, async (sight) => {
      const found = await sight.cluster.get(account);
      return found === undefined ? unmet(`ServiceAccount ${name}/default does not exist yet`) : met();
    }),
  );
}

/** Makes a namespace where there is none. */
export async function namespaceMade({ cluster }: Pick<Stage, 'cluster'>, name: string): Promise<void> {
  if ((await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name })) !== undefined) return;
  const labels = { 'app.kubernetes.io/managed-by': 'novasphere-installer' };
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }, 'absent');
}
