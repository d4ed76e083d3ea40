import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BedStage, type Played } from '../testbed/stage.ts';

describe('a whole installation on a real API server', () => {
  let stage: BedStage;
  let first: Played;
  beforeAll(async () => {
    stage = await BedStage.open();
    first = await stage.play({ concurrency: 3 });
  }, 200_000);
  afterAll(() => stage.close());

  it('ends with the certificate of a sample VM', async () => {
    expect(first.faults.map((fault) => fault.record())).toEqual([]);
    const certificate = await stage.world.cluster.get({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      namespace: 'novasphere-system',
      name: 'novasphere-certificate',
    });
    expect([first.outcome, certificate?.metadata.name]).toEqual(['done', 'novasphere-certificate']);
  });

  it('is done again without a single request that could change anything', async () => {
    const before = (await stage.site.plane.audit()).length;

    const again = await stage.play();

    const sent = (await stage.site.plane.audit()).slice(before).filter(({ user }) => user === 'novasphere-installer');
    expect([again.outcome, again.changed]).toEqual(['done', 0]);
    expect(sent.length).toBeGreaterThan(20);
    expect(sent.filter(({ mutating }) => mutating)).toEqual([]);
    // Gates ask webhooks what they would say; nothing is applied, not even for show.
    const tried = sent.filter(({ verb }) => !['get', 'list', 'watch'].includes(verb));
    expect(new Set(tried.map(({ verb }) => verb))).toEqual(new Set(['create']));
  });
});
