import { describe, expect, it } from 'vitest';
import type { View } from '#ports/journal';
import { differences, endState } from '../fixtures/end-state.ts';
import { type Stage, stage } from '../fixtures/rehearsed.ts';
import { sample } from '../fixtures/sample.ts';

// The law: the power is cut before, in the middle of and after every write, or somebody asks the run to stop; the next
// run reaches the state that an undisturbed installation reaches.

/** An installation that nobody disturbs: how often it writes, and where it ends. */
async function undisturbed(profile: string) {
  const { play, plan, world } = await stage(profile);
  await play();
  const steps = plan.units.flatMap(({ phase }) => phase.steps.map((step) => step.id));
  const writes = world.stage.fuse.count;
  const wanted = await endState(world);
  world.close();
  return { steps, writes, wanted };
}

const { steps, writes, wanted } = await undisturbed('single-node');
const three = await undisturbed('three-node');

const moments = ['before', 'torn', 'after'] as const;
const cuts = sample(
  Array.from({ length: writes }, (_, at) => moments.map((moment) => [moment, at + 1] as const)).flat(),
  4,
);
const siteCuts = sample(
  Array.from({ length: three.writes }, (_, at) => at + 1),
  2,
);
const boundaries = sample(steps, 1);
const stops = sample(steps, 1);

/** The next runs, until one ends for good, and where that is. */
async function endOf(site: Stage): Promise<readonly string[]> {
  const runs = await site.play();
  const faults = runs.flatMap((run) => run.faults.map((fault) => JSON.stringify(fault.record())));
  expect(faults).toEqual([]);
  expect(runs.at(-1)?.outcome).toBe('done');
  expect(site.world.crash).toBeUndefined();
  const end = await endState(site.world);
  site.world.close();
  return end;
}

/** What the end has more or less than that of an undisturbed installation. */
async function afterwards(site: Stage): Promise<readonly string[]> {
  return differences(wanted, await endOf(site));
}

/** On which node a pod runs is chance, and what it says of itself with it. */
function withoutChance(state: readonly string[]): readonly string[] {
  return state.filter((line) => !/^\S+\/(pods|configmaps|endpoints|endpointslices|replicas) /.test(line));
}

function stopping(at: (step: string) => boolean): { readonly view: View; readonly signal: AbortSignal } {
  const asked = new AbortController();
  const view: View = {
    show: (entry) => {
      if (entry.event === 'step-began' && at(entry.step)) asked.abort();
    },
    close: async () => {},
  };
  return { view, signal: asked.signal };
}

describe(`the law of interruption: power cuts at writes (${cuts.said})`, () => {
  it.each(cuts.cases)('the power goes %s write %i, and the next run arrives all the same', async (moment, at) => {
    const site = await stage('single-node');
    site.world.stage.fuse.arm(({ count }) => (count === at ? moment : undefined));

    const cut = (await site.play()).at(-1);
    await site.world.restart();

    expect(cut).toMatchObject({ outcome: 'cut', exitCode: 5 });
    expect(await afterwards(site)).toEqual([]);
  });
});

describe(`the law of interruption: power cuts of a site of three nodes (${siteCuts.said})`, () => {
  it.each(siteCuts.cases)(
    'all machines go dark in the middle of write %i, and the next run arrives all the same',
    async (at) => {
      const site = await stage('three-node');
      site.world.stage.fuse.arm(({ count }) => (count === at ? 'torn' : undefined));

      const cut = (await site.play()).at(-1);
      await site.world.restart();

      expect(cut).toMatchObject({ outcome: 'cut', exitCode: 5 });
      expect(differences(withoutChance(three.wanted), withoutChance(await endOf(site)))).toEqual([]);
    },
  );
});

describe(`the law of interruption: power cuts at steps (${boundaries.said})`, () => {
  it.each(boundaries.cases)('the power goes as soon as %s or a step after it writes', async (step) => {
    const site = await stage('single-node');

    await site.play({ mishaps: [`power-cut@${step}`], resume: true });

    expect(await afterwards(site)).toEqual([]);
  });
});

describe(`the law of interruption: asked to stop (${stops.said})`, () => {
  it.each(stops.cases)('stops at %s with exit code 5, and the next run arrives all the same', async (step) => {
    const site = await stage('single-node');

    const stopped = (await site.play(stopping((one) => one === step))).at(-1);

    expect(stopped).toMatchObject({ outcome: 'interrupted', exitCode: 5 });
    expect(await afterwards(site)).toEqual([]);
  });

  it('arrives also when it is stopped at every step, one after the other', async () => {
    const site = await stage('single-node');

    for (const step of new Set(steps)) {
      const stopped = (await site.play(stopping((one) => one === step))).at(-1);
      expect([step, stopped?.outcome, stopped?.exitCode]).toEqual([step, 'interrupted', 5]);
    }

    expect(await afterwards(site)).toEqual([]);
  });
});
