import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { wukongCrd } from '#operator/api/wukong-crd';
import { acceptances, acceptedChanges, refusals, refusedChanges } from './answers.ts';
import * as addresses from './cases/addresses.ts';
import { disk, valid } from './cases/case.ts';
import * as changes from './cases/changes.ts';
import * as disks from './cases/disks.ts';
import * as guest from './cases/guest.ts';
import * as machine from './cases/machine.ts';
import { refused as wrongNames } from './cases/names.ts';
import * as networks from './cases/networks.ts';
import { type Judge, said, Trial } from './judge.ts';
import { oldObjects } from './old-objects.ts';
import { samplesContract } from './samples-contract.ts';

/** Which Wukongs our definition accepts, and why it refuses the others: the same on every API server. */
export function wukongContract(name: string, makeJudge: () => Promise<Judge>): void {
  describe(`the definition of Wukong on ${name}`, () => {
    let trial: Trial;
    beforeAll(async () => {
      trial = new Trial(await makeJudge(), 'Wukong');
      await trial.install(wukongCrd());
    });
    afterAll(() => trial.close());

    it('is established, with a status of its own', async () => {
      const { status, spec } = await trial.definition('wukongs.vm.novasphere.dev');

      const conditions = status.conditions.map((one: Json) => `${one.type}=${one.status}`);
      expect(conditions).toEqual(expect.arrayContaining(['Established=True', 'NamesAccepted=True']));
      expect(spec.names.shortNames).toEqual(['wk']);
      expect(await trial.served()).toEqual(expect.arrayContaining(['wukongs', 'wukongs/status']));
    });

    it('fills in what has one sensible value, and leaves power, autoStart and deletePolicy to the reader', async () => {
      const spec = { ...valid, networks: [{ name: 'default' }], cloudInitUser: { name: 'plant' }, startStrategy: {} };
      const { body } = await trial.create(trial.object(spec), { dryRun: 'All' });

      expect((body as Json).spec).toEqual({
        ...spec,
        cloudInitUser: { name: 'plant', sudo: 'ALL=(ALL) NOPASSWD:ALL', shell: '/bin/bash', lockPasswd: false },
        terminationGracePeriodSeconds: 180,
      });
    });

    for (const { accepted } of [machine, disks, networks, addresses, guest]) acceptances(() => trial, accepted);
    for (const [file, { refused }] of Object.entries({ machine, disks, networks, addresses, guest }))
      refusals(() => trial, file, refused);
    refusals(() => trial, 'names', wrongNames);
    acceptedChanges(() => trial, changes.accepted);
    refusedChanges(() => trial, 'changes', changes.refused);

    it('accepts a name of 57 characters and refuses one of 58', async () => {
      expect(await trial.creating(valid, 'a'.repeat(57))).toBe('accepted');
      expect(await trial.creating(valid, 'a'.repeat(58))).toMatchInlineSnapshot(
        `"<nil>: Invalid value: the name of a Wukong has at most 57 characters, because the machine is called after it and has to be a host name"`,
      );
    });

    it('repeats no password in a refusal', async () => {
      const secret = 'hunter2\u0007';
      const users = [{ password: secret }, { passwordHash: secret }, { password: secret.repeat(40) }];
      for (const one of users) {
        const answer = await trial.creating({ ...valid, cloudInitUser: { name: 'plant', ...one } });

        expect(answer).toContain('spec.cloudInitUser.password');
        expect(answer).not.toContain('hunter2');
      }
    });

    it('lets an expansion that failed be taken back, as far as what the claim has', async () => {
      await trial.create(trial.object(valid));
      const sized = async (size: string) => said(await trial.patch({ spec: { disks: [{ ...disk, size }] } }));
      expect(await sized('20Gi')).toBe('accepted');
      const volumes = [{ name: 'root', pvcName: 'sample-root', bound: true, capacity: '10Gi' }];
      expect(said(await trial.patch({ status: { volumes } }, '/status'))).toBe('accepted');

      expect(await sized('9Gi')).toContain('a disk never shrinks');
      expect(await sized('12Gi')).toBe('accepted');
      expect(await sized('10Gi')).toBe('accepted');
      await trial.remove();
    });

    samplesContract(() => trial, 'Wukong');
    oldObjects(() => trial);
  });
}
