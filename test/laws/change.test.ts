import { beforeAll, describe, expect, it } from 'vitest';
import type { ChangeRecord, Entry } from '#ports/journal';
import { faultScreen } from '#report/fault-screen';
import { planScreen } from '#report/plan-screen';
import { tell } from '#report/tell';
import { textReport } from '#report/text';
import { type Stage, stage } from '../fixtures/rehearsed.ts';

// The laws: what a step would change can be said, the same list everywhere; what destroys needs consent by name; and a
// second run has nothing to change.

interface Drift {
  readonly step: string;
  readonly changes: readonly ChangeRecord[];
}

function driftsIn(entries: readonly Entry[]): readonly Drift[] {
  return entries.flatMap((entry) => (entry.event === 'found' && entry.state === 'drifted' ? [entry] : []));
}

for (const profile of ['single-node', 'lab-vm', 'edge-hugepages', 'three-node']) {
  describe(`the laws of change, on ${profile}.yaml`, () => {
    let site: Stage;
    const entries = (): readonly Entry[] => site.runs.flatMap((run) => run.entries);
    const drifts = (): readonly Drift[] => driftsIn(entries());

    beforeAll(async () => {
      site = await stage(profile);
      await site.play();
      return () => site.world.close();
    });

    it('every step that changes something says what', () => {
      const changes = drifts().flatMap((drift) => drift.changes);
      const changed = site.runs.reduce((sum, run) => sum + run.changed, 0);
      // A step that restarts the machine has changed it, and its run has no time left to count it.
      const restarts = site.runs.filter((run) => run.outcome === 'rebooting').length;

      expect(drifts().filter((drift) => drift.changes.length === 0)).toEqual([]);
      expect(changes.filter(({ what }) => what.trim() === '' || garbled.test(what))).toEqual([]);
      expect(changes.filter(({ from, to }) => garbled.test(`${from ?? ''} ${to ?? ''}`))).toEqual([]);
      expect(changes.filter(({ from, to }) => from !== undefined && from === to)).toEqual([]);
      expect(changed).toBe(drifts().length - restarts);
    });

    it('only the data disk that the profile names is destroyed, and the intent is written down first', () => {
      const destroyed = drifts().flatMap(({ step, changes }) =>
        changes.flatMap((change) => (change.destructive === undefined ? [] : [`${step} ${change.destructive}`])),
      );
      const told = entries().flatMap((entry) => (entry.event === 'intent' ? [`${entry.step} ${entry.target}`] : []));
      const named = site.plan.profile.nodes.filter((node) => node.disks?.data !== undefined);

      expect(destroyed).toHaveLength(named.length);
      expect(destroyed.filter((one) => !one.startsWith('host/data-disk-filesystem disk /dev/disk/by-id/'))).toEqual([]);
      expect(told).toEqual(destroyed);
    });

    it('a second run finds everything as it should be and writes nothing', async () => {
      const { play, plan, world } = site;
      const [written, asked] = [world.writes(), world.stage.fuse.count];

      const again = await play();

      const found = again
        .flatMap((run) => run.entries)
        .flatMap((entry) => (entry.event === 'found' ? [entry.state] : []));
      expect(again.map((run) => [run.outcome, run.exitCode, run.changed])).toEqual([['done', 0, 0]]);
      expect(world.writes()).toEqual(written);
      expect(world.stage.fuse.count).toBe(asked);
      expect(found).toEqual(plan.units.flatMap(({ phase }) => phase.steps.map(() => 'converged')));
    });
  });
}

describe('the law of the speakable change', () => {
  it('plan screen, journal and report name the same changes', async () => {
    const { inspect, play, runs, world } = await stage('single-node');
    const planned = await inspect();
    await play();
    const played = runs.flatMap((run) => run.entries);

    const screen = flat(planScreen(planned.entries, { columns: 200 }));
    const report = flat(textReport(tell(played), { columns: 200, verbose: true }));

    expect(unsaid(planned.entries, screen)).toEqual([]);
    expect(unsaid(played, report)).toEqual([]);
    world.close();
  });
});

describe('the law of sight', () => {
  it('looking at a machine that is not prepared writes nothing, and every step can say what it would do', async () => {
    const { inspect, world } = await stage('single-node');
    const { revision } = world.server;

    const run = await inspect();

    expect([run.outcome, run.exitCode, run.faults]).toEqual(['done', 0, []]);
    expect(run.changed).toBe(driftsIn(run.entries).length);
    expect([world.writes(), world.stage.fuse.count, world.server.revision]).toEqual([[], 0, revision]);
    world.close();
  });
});

describe('the law of consent', () => {
  it('formats nothing that nobody has agreed to lose, and says so', async () => {
    const { play, world } = await stage('single-node');

    const [refused] = await play({ consents: new Set() });

    const data = world.machines[0]?.disks.find((disk) => disk.wwn === '0x5002538f00000001');
    const screens = refused?.faults.map((fault) => faultScreen(fault.record(), { columns: 100 }));
    expect(refused).toMatchObject({ outcome: 'refused', exitCode: 6 });
    expect(screens?.join('\n')).toMatchInlineSnapshot(`
      "✖ Something would be destroyed without consent
        this would destroy disk /dev/disk/by-id/wwn-0x5002538f00000001 (SAMSUNG MZ7L31T9HBLT, serial
        5F456D3E1A2F42, wwn 0x5002538f00000001, 931.3 GiB), and nobody has agreed to that
        because  the profile gives no consent that names exactly this target
        where    host plant-7-a, step host/data-disk-filesystem
        try      novasphere plan  shows what would be lost
                 set wipe in the profile for the disk that is really meant
      "
    `);
    expect([data?.holds, data?.partitions, data?.table]).toEqual([undefined, [], undefined]);
    expect(world.writes().filter((what) => /mkfs|wipefs|sgdisk|parted/.test(what))).toEqual([]);
    world.close();
  });

  it('is not satisfied by the name of another disk', async () => {
    const { play, world } = await stage('single-node');

    const [refused] = await play({ consents: new Set(['disk /dev/disk/by-id/wwn-0x5002538f00000002']) });

    expect(refused?.faults.map((fault) => fault.code)).toEqual(['CONSENT-MISSING']);
    expect(world.writes().filter((what) => what.includes('mkfs'))).toEqual([]);
    world.close();
  });
});

const garbled = /[\n\t]|undefined|\[object|NaN/;

/** The changes that a screen does not name. */
function unsaid(entries: readonly Entry[], screen: string): readonly string[] {
  const named = driftsIn(entries).flatMap((drift) => drift.changes.map(({ what }) => what));
  return named.filter((what) => !screen.includes(flat(what)));
}

/** Without the line breaks of a screen. */
function flat(text: string): string {
  return text.replaceAll(/\s+/g, '');
}
