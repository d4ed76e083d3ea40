import { describe, expect, it } from 'vitest';
import type { View } from '#ports/journal';
import { differences, endState } from '../fixtures/end-state.ts';
import { sample } from '../fixtures/sample.ts';
import { end, installed, upgradeOf } from '../fixtures/upgraded.ts';

/** What is left beside: the snapshot of etcd bears the time in its name. */
function comparable(state: readonly string[]): readonly string[] {
  return state.filter((line) => !line.includes('/server/db/snapshots/'));
}

// The law of interruption holds for upgrades, too.
const plain = await upgradeOf(await installed());
const writesBefore = plain.world.stage.fuse.count;
await plain.play();
const count = plain.world.stage.fuse.count - writesBefore;
const undisturbed = comparable(await endState(plain.world));
const steps = plain.plan.units.flatMap(({ phase }) => phase.steps.map(({ id }) => id));
plain.world.close();

const moments = ['before', 'torn', 'after'] as const;
const cuts = sample(
  Array.from({ length: count }, (_, at) => moments.map((moment) => [moment, at + 1] as const)).flat(),
  2,
);
const stops = sample(steps, 1);

function stopping(at: string): { readonly view: View; readonly signal: AbortSignal } {
  const asked = new AbortController();
  const show: View['show'] = (entry) => {
    if (entry.event === 'step-began' && entry.step === at) asked.abort();
  };
  return { view: { show, close: async () => {} }, signal: asked.signal };
}

describe(`an upgrade whose power is cut (${cuts.said})`, () => {
  it.each(cuts.cases)('%s write %i arrives with the next run', async (moment, at) => {
    const site = await upgradeOf(await installed());
    const from = site.world.stage.fuse.count;
    site.world.stage.fuse.arm(({ count: now }) => (now === from + at ? moment : undefined));

    expect(await end(site)).toMatchObject({ outcome: 'cut' });
    await site.world.restart();

    expect(await end(site)).toMatchObject({ outcome: 'done', faults: [] });
    expect(differences(undisturbed, comparable(await endState(site.world)))).toEqual([]);
    site.world.close();
  });
});

describe(`an upgrade that is asked to stop (${stops.said})`, () => {
  it.each(stops.cases)('at %s arrives with the next run', async (step) => {
    const site = await upgradeOf(await installed());

    expect(await end(site, stopping(step))).toMatchObject({ outcome: 'interrupted', exitCode: 5 });

    expect(await end(site)).toMatchObject({ outcome: 'done', faults: [] });
    expect(differences(undisturbed, comparable(await endState(site.world)))).toEqual([]);
    site.world.close();
  });
});
