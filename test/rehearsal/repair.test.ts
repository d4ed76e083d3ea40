import { describe, expect, it } from 'vitest';
import { describe as told } from '#engine/run-step';
import type { Entry } from '#ports/journal';
import { type Damage, damages } from '../fixtures/damages.ts';
import { type Stage, stage } from '../fixtures/rehearsed.ts';

/** `apply --only PHASE` over a platform to which somebody has done something. */
async function damaged(damage: Damage): Promise<Stage> {
  const site = await stage('single-node');
  expect((await site.play()).flatMap((run) => run.faults.map((fault) => fault.record()))).toEqual([]);
  await damage.do(site.world.server);
  await site.world.clock.sleep(60_000);
  return site;
}

function changesIn(entries: readonly Entry[]): readonly string[] {
  return entries.flatMap((one) => (one.event === 'found' ? one.changes.map(told) : []));
}

/** What was written to the cluster, each object once. */
function written(site: Stage, since: number): readonly string[] {
  const paths = site.world
    .writes()
    .slice(since)
    .map((one) => one.replace(/^\S+ /, '').replace(/\?.*$/, ''));
  return [...new Set(paths)];
}

describe('somebody', () => {
  it.each(damages)('$what: it is found, mended, and nothing else is touched', async (damage) => {
    const site = await damaged(damage);
    const looked = changesIn((await site.inspect()).entries);
    const since = site.world.writes().length;

    const [mended] = await site.play({ only: damage.phase });

    expect(mended).toMatchObject({ outcome: 'done', faults: [] });
    expect(looked.map((line) => damage.found.find((one) => line.startsWith(one)) ?? line)).toEqual(damage.found);
    expect(written(site, since)).toEqual(damage.mended);
    const again = site.world.writes().length;
    expect((await site.play()).at(-1)).toMatchObject({ outcome: 'done' });
    expect(written(site, again)).toEqual([]);
    site.world.close();
  });

  it('did nothing: nothing is found', async () => {
    const site = await damaged({ ...(damages[0] as Damage), do: async () => {} });

    expect(changesIn((await site.inspect()).entries)).toEqual([]);
    site.world.close();
  });
});
