import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diagnose } from '#diagnosis/diagnose';
import { diagnosisScreen } from '#report/diagnosis-screen';
import { type Stage, stage } from '../fixtures/rehearsed.ts';

/** An explanation of a whole site as it is at this moment. */
async function explained({ world }: Stage): Promise<string> {
  const diagnosis = await diagnose({ cluster: world.cluster, now: () => world.clock.now() });
  return diagnosisScreen(diagnosis, { seconds: 0.4 });
}

describe('a whole site', () => {
  let site: Stage;
  beforeAll(async () => {
    site = await stage('single-node');
    await site.play();
  }, 30_000);
  afterAll(() => site.world.close());

  it('in which everything runs has nothing wrong, in any of its components', async () => {
    expect(await explained(site)).toMatchInlineSnapshot(`
      "nothing is wrong: 1 node, 31 pods, 9 components looked at in 0.4 s
      "
    `);
  });

  it('is looked at without a write, in one list for each kind', async () => {
    const before = site.world.server.log.length;
    const writes = site.world.server.writes;

    await explained(site);

    // A webhook that is asked by a dry run looks for things of its own.
    const asked = site.world.server.log.slice(before).filter(({ path }) => !path.endsWith('/novasphere-trial'));
    const lists = asked.filter(({ path }) => !/\/apis?\/[^/]+(\/[^/]+)?$/.test(path) && !path.endsWith('/log'));
    expect(site.world.server.writes).toBe(writes);
    expect(new Set(lists.map(({ path }) => path)).size).toBe(lists.length);
    expect(lists.filter(({ path }) => /namespaces\/[^/]+\/[^/]+\/[^/]+$/.test(path))).toEqual([]);
  });
});
