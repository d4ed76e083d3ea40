import { afterAll, expect, it } from 'vitest';
import { consentFor } from '#phases/verbs/leftovers';
import { planScreen } from '#report/plan-screen';
import { type Stage, stage } from '../fixtures/rehearsed.ts';

// An earlier release installed more: the plan names it, an apply without consent leaves it, one with consent removes it.

let site: Stage;
afterAll(() => site.world.close());

it('is named by the plan, left by an apply, and removed by one that was told to', async () => {
  site = await stage('single-node');
  await site.play();
  await installedBefore(site);

  const planned = planScreen((await site.inspect()).entries, { columns: 100 });
  const [without] = await site.play();
  const kept = await isThere(site);
  const [pruned] = await site.play({ consents: new Set([consentFor('longhorn')]) });
  const [after] = await site.play();

  expect(planned).toMatchInlineSnapshot(`
    "Nothing to change: 72 steps looked at, all as wanted.
    left over   ConfigMap longhorn-system/old-settings; “--prune longhorn” removes it
    "
  `);
  expect([without?.outcome, without?.changed, kept]).toEqual(['done', 0, true]);
  expect([pruned?.outcome, pruned?.changed, await isThere(site)]).toEqual(['done', 1, false]);
  expect([after?.outcome, after?.changed]).toEqual(['done', 0]);
});

const old = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'longhorn-system', name: 'old-settings' } as const;
const record = { ...old, namespace: 'novasphere-system', name: 'inventory-longhorn-install' } as const;

async function isThere({ world }: Stage): Promise<boolean> {
  return (await world.cluster.get(old)) !== undefined;
}

/** What the same step of an earlier release had applied beside what it applies now. */
async function installedBefore({ world: { cluster } }: Stage): Promise<void> {
  const { name, namespace } = old;
  const labels = { 'novasphere.dev/component': 'longhorn' };
  await cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, labels }, data: { a: '1' } });
  const known = String((await cluster.get(record))?.['data'].objects);
  const objects = `${known}v1 ConfigMap ${namespace}/${name}\n`;
  await cluster.merge(record, { data: { objects } });
}
