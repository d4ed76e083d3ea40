import { describe, expect, it } from 'vitest';
import { differences, machinesState } from '../fixtures/end-state.ts';
import { type Stage, stage } from '../fixtures/rehearsed.ts';
import { guestConsents, guestOn, type Reset, resetOn } from '../fixtures/reset.ts';
import { sample } from '../fixtures/sample.ts';

// The law, for the way back: the power is cut before, in the middle of and after every write of a reset; the next one
// reaches the state that an undisturbed one reaches, and nothing of the platform is left.

interface Site {
  readonly site: Stage;
  readonly reset: Reset;
}

/** A site with somebody's virtual machine on it, and what takes it off. */
async function installed(keepData: boolean): Promise<Site> {
  const site = await stage('single-node');
  await site.play();
  await guestOn(site);
  return { site, reset: resetOn(site, { keepData }) };
}

/** What comes up at the next start: what the running kernel has kept does not tell runs apart. */
async function afterRestart({ world }: Stage): Promise<readonly string[]> {
  for (const machine of world.machines) machine.shutDown();
  await world.restart();
  await world.clock.sleep(15 * 60_000);
  return machinesState(world);
}

async function undisturbed(keepData: boolean) {
  const { site, reset } = await installed(keepData);
  const before = site.world.stage.fuse.count;
  await reset.play({ consents: guestConsents });
  const writes = site.world.stage.fuse.count - before;
  const wanted = await afterRestart(site);
  site.world.close();
  return { writes, wanted };
}

const whole = await undisturbed(false);
const keeping = await undisturbed(true);

const moments = ['before', 'torn', 'after'] as const;
const every = (writes: number) =>
  Array.from({ length: writes }, (_, at) => moments.map((moment) => [moment, at + 1] as const)).flat();
const cuts = sample(every(whole.writes), 3);
const keepingCuts = sample(every(keeping.writes), 1);

/** The power goes at a write of the reset; the next one takes off what is left. */
async function cutAt({ site, reset }: Site, moment: (typeof moments)[number], at: number): Promise<readonly string[]> {
  const { world } = site;
  const before = world.stage.fuse.count;
  world.stage.fuse.arm(({ count }) => (count === before + at ? moment : undefined));
  const cut = (await reset.play({ consents: guestConsents })).at(-1);
  await world.restart();
  expect(cut).toMatchObject({ outcome: 'cut', exitCode: 5 });

  const last = (await reset.play({ consents: guestConsents })).at(-1);

  expect(last?.faults.map((fault) => JSON.stringify(fault.record()))).toEqual([]);
  expect([last?.outcome, world.crash]).toEqual(['done', undefined]);
  const end = await afterRestart(site);
  world.close();
  return end;
}

/** Names that no two runs share: of volumes and of snapshots, by their time. */
function withoutNames(state: readonly string[]): readonly string[] {
  return state.map((line) => line.replace(/(‹uid›)-[0-9a-f]{8}/g, '$1').replace(/plant-7-a-\d{10}/g, 'plant-7-a'));
}

describe(`the law of interruption for a reset: power cuts at writes (${cuts.said})`, () => {
  it.each(cuts.cases)('the power goes %s write %i, and the next reset arrives all the same', async (moment, at) => {
    const end = await cutAt(await installed(false), moment, at);

    expect(differences(whole.wanted, end)).toEqual([]);
  });
});

describe(`the law of interruption for a reset that keeps data: power cuts at writes (${keepingCuts.said})`, () => {
  it.each(keepingCuts.cases)('the power goes %s write %i, and the data is kept all the same', async (moment, at) => {
    const end = await cutAt(await installed(true), moment, at);

    expect(differences(withoutNames(keeping.wanted), withoutNames(end))).toEqual([]);
  });
});
