import { describe, expect, it } from 'vitest';
import type { View } from '#ports/journal';
import { differences, endState } from '../fixtures/end-state.ts';
import { type Stage, stage } from '../fixtures/rehearsed.ts';
import { sample } from '../fixtures/sample.ts';

// The law: the power is cut before, in the middle of and after every write, or somebody asks the run to stop; the next
// run reaches the state that an undisturbed installation reaches.

const undisturbed = await stage('single-node');
await undisturbed.play();
const writes = undisturbed.world.stage.fuse.count;
const wanted = await endState(undisturbed.world);
undisturbed.world.close();
const steps = undisturbed.plan.units.flatMap(({ phase }) => phase.steps.map((step) => step.id));

const moments = ['before', 'torn', 'after'] as const;
const cuts = sample(
  Array.from({ length: writes }, (_, at) => moments.map((moment) => [moment, at + 1] as const)).flat(),
  6,
);
const boundaries = sample(steps, 2);
const stops = sample(steps, 2);

/** The next runs, until one ends for good; what its end state has more or less than an undisturbed one. */
async function afterwards(site: Stage): Promise<readonly string[]> {
  const runs = await site.play();
  const faults = runs.flatMap((run) => run.faults.map((fault) => JSON.stringify(fault.record())));
  expect(faults).toEqual([]);
  expect(runs.at(-1)?.outcome).toBe('done');
  expect(site.world.crash).toBeUndefined();
  const found = differences(wanted, await endState(site.world));
  site.world.close();
  return found;
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
