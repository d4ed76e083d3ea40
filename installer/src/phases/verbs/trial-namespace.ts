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
  const ref = { apiVersion: 'v1', kind: 'Namespace', name };
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', namespace: name, name: 'default' };
  if ((await stage.cluster.get(account)) !== undefined) return;
  if ((await stage.cluster.get(ref)) === undefined)
    await stage.cluster.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'app.kubernetes.io/managed-by': 'novasphere-installer' } },
    });
  const title = `pods to be possible in namespace ${name}`;
  await act.waitFor(
    gate({ title, soft: 20 * second, hard: 2 * minute }, async (sight) => {
      const found = await sight.cluster.get(account);
      return found === undefined ? unmet(`ServiceAccount ${name}/default does not exist yet`) : met();
    }),
  );
}
