import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { wukongSnapshotCrd } from '#operator/api/wukong-snapshot-crd';
import { acceptances, refusals, refusedChanges } from './answers.ts';
import * as snapshots from './cases/snapshots.ts';
import { type Judge, said, Trial } from './judge.ts';
import { samplesContract } from './samples-contract.ts';

/** Which WukongSnapshots our definition accepts: the same on every API server. */
export function snapshotContract(name: string, makeJudge: () => Promise<Judge>): void {
  describe(`the definition of WukongSnapshot on ${name}`, () => {
    let trial: Trial;
    beforeAll(async () => {
      trial = new Trial(await makeJudge(), 'WukongSnapshot');
      await trial.install(wukongSnapshotCrd());
    });
    afterAll(() => trial.close());

    acceptances(() => trial, snapshots.accepted);
    refusals(() => trial, 'snapshots', snapshots.refused);
    refusedChanges(() => trial, 'snapshot-changes', snapshots.refusedChanges);

    samplesContract(() => trial, 'WukongSnapshot');

    it('deletes the data with it and waits five minutes, unless told otherwise', async () => {
      const { body } = await trial.create(trial.object({ wukongName: 'plant-hmi' }), { dryRun: 'All' });

      expect((body as Json).spec).toEqual({ wukongName: 'plant-hmi', deletionPolicy: 'Delete', failureDeadline: '5m' });
    });

    it('takes a label and a status', async () => {
      await trial.create(trial.object({ wukongName: 'plant-hmi' }));

      expect(said(await trial.patch({ metadata: { labels: { a: 'b' } } }))).toBe('accepted');
      expect(said(await trial.patch({ status: { phase: 'Creating', indications: ['Online'] } }, '/status'))).toBe(
        'accepted',
      );
      await trial.remove();
    });
  });
}
