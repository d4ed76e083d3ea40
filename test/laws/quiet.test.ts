import { describe, expect, it } from 'vitest';
import { stage } from '../fixtures/rehearsed.ts';

// The law: a second run writes nothing, neither on a machine nor in the cluster.

describe('the law of the quiet second run', () => {
  it.each(['single-node', 'lab-vm', 'edge-hugepages', 'three-node'])('%s.yaml: the second run writes nothing', async (profile) => {
    const { play, plan, world } = await stage(profile);
    await play();
    const [written, asked, answered] = [world.writes(), world.stage.fuse.count, world.server.log.length];

    const again = await play();

    const found = again[0]?.entries.filter((entry) => entry.event === 'found') ?? [];
    const refused = world.server.log.slice(answered).filter((one) => one.status >= 400 && one.status !== 404);
    expect(again.map((run) => [run.outcome, run.exitCode, run.changed])).toEqual([['done', 0, 0]]);
    expect(world.writes()).toEqual(written);
    expect(world.stage.fuse.count).toBe(asked);
    expect(refused).toEqual([]);
    expect(found.map((entry) => entry.state)).toEqual(plan.units.flatMap(({ phase }) => phase.steps.map(() => 'converged')));
    world.close();
  });

  it('writes nothing either when it only looks, on a machine that is not prepared', async () => {
    const { inspect, world } = await stage('single-node');
    const { revision } = world.server;

    const run = await inspect();

    expect(run.outcome).toBe('failed');
    expect([world.writes(), world.stage.fuse.count, world.server.revision]).toEqual([[], 0, revision]);
    world.close();
  });
});
