import { describe, expect, it } from 'vitest';
import type { Entry } from '#ports/journal';
import { differences, endState } from '../fixtures/end-state.ts';
import { type Stage, stage } from '../fixtures/rehearsed.ts';

async function played(about: { seed: number; concurrency?: number; profile?: string }): Promise<Stage> {
  const site = await stage(about.profile ?? 'single-node', { seed: about.seed });
  await site.play({ concurrency: about.concurrency ?? 1 });
  return site;
}

function entriesOf(site: Stage): readonly Entry[] {
  return site.runs.flatMap((run) => run.entries);
}

/** Phases that were under way at the same time, `one beside other`, as their beginnings and ends were told. */
function besides(entries: readonly Entry[]): ReadonlySet<string> {
  const running: string[] = [];
  const found = new Set<string>();
  for (const entry of entries) {
    if (entry.event === 'run-began') running.length = 0;
    if (entry.event === 'phase-began') {
      for (const other of running) found.add(`${other} beside ${entry.phase}`);
      running.push(entry.phase);
    }
    if (entry.event === 'phase-ended') running.splice(running.indexOf(entry.phase), 1);
  }
  return found;
}

const wanted = await played({ seed: 1 });
const wantedState = await endState(wanted.world);

describe('the seed of a rehearsal', () => {
  it('gives the same journal each time', async () => {
    const again = await played({ seed: 1 });

    expect(entriesOf(again)).toEqual(entriesOf(wanted));
    again.world.close();
  });

  it('changes what chance decides, and not where it ends', async () => {
    const other = await played({ seed: 2 });

    expect(other.runs.at(-1)?.outcome).toBe('done');
    expect(entriesOf(other)).not.toEqual(entriesOf(wanted));
    expect(differences(wantedState, await endState(other.world))).toEqual([]);
    other.world.close();
  });
});

describe('several phases at once', () => {
  it('reach the same end as one after the other, in less time, and Multus stays alone', async () => {
    const site = await played({ seed: 1, concurrency: 4 });
    const took = (of: Stage) => of.runs.at(-1)?.entries.at(-1);

    const together = besides(entriesOf(site));

    expect(site.runs.map((run) => run.outcome)).toEqual(['rebooting', 'done']);
    expect(took(site)).toMatchObject({ event: 'run-ended' });
    expect(secondsOf(site)).toBeLessThan(secondsOf(wanted));
    expect([...together].toSorted()).toMatchInlineSnapshot(`
      [
        "cdi beside cert-manager",
        "kubevirt beside cdi",
        "kubevirt beside cert-manager",
        "nmstate beside cdi",
        "nmstate beside cert-manager",
        "nmstate beside kubevirt",
      ]
    `);
    expect([...together].filter((pair) => pair.includes('multus'))).toEqual([]);
    expect(differences(wantedState, await endState(site.world))).toEqual([]);
    site.world.close();
  });

  it('also on three nodes, and is quiet when it is done again', async () => {
    const site = await played({ seed: 1, profile: 'three-node', concurrency: 4 });
    const written = site.world.writes().length;

    const again = await site.play({ concurrency: 4 });

    expect(site.runs.flatMap((run) => run.faults.map((fault) => fault.record()))).toEqual([]);
    expect([...besides(entriesOf(site))].toSorted()).toMatchInlineSnapshot(`
      [
        "cdi beside cert-manager",
        "kubevirt beside cdi",
        "kubevirt beside cert-manager",
        "nmstate beside cdi",
        "nmstate beside cert-manager",
        "nmstate beside kubevirt",
        "nmstate beside operator",
        "preflight beside preflight",
      ]
    `);
    expect([again.at(-1)?.outcome, site.world.writes().length]).toEqual(['done', written]);
    site.world.close();
  });
});

function secondsOf(site: Stage): number {
  return entriesOf(site).reduce((sum, entry) => sum + (entry.event === 'run-ended' ? entry.seconds : 0), 0);
}
