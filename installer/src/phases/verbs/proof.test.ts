import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import { interrupted } from '#engine/run-step';
import type { Gate } from '#engine/step';
import type { KubeObject } from '#ports/cluster';
import { type FakeStage, fakeStage, patience } from './fake-stage.ts';
import { type Proof, type ProofStage, proof } from './proof.ts';
import { allProofs } from './proof-record.ts';
import { trialPod } from './trial.ts';
import { trialSucceeds } from './trial-succeeds.ts';

const pod = trialPod({ kind: 'plain', name: 'trial-plain', image: 'busybox:1', script: 'ip address' });
const failed = (log: readonly string[]) =>
  new Fault({ code: 'NETWORK-BROKEN', message: 'no address', evidence: log, remedy: ['look'] });
const about: Proof & { readonly stages: readonly [ProofStage] } = {
  id: 'multus/plain-pod',
  title: 'Prove that pods get an address',
  claim: 'a plain pod gets an address',
  of: { multus: 'v4.3.0' },
  stages: [{ objects: [pod], gate: trialSucceeds({ title: 'a pod to end', pod, ...patience, failed }) }],
};
const wanted = (version = 'v4.3.0') => proof({ ...about, of: { multus: version } });

function playing(phase: 'Succeeded' | 'Failed', stage: FakeStage = fakeStage()): FakeStage {
  stage.cluster.react = (object: KubeObject) => {
    if (object.kind === 'Namespace')
      stage.cluster.put({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', namespace: object.metadata.name },
      });
    if (object.kind === 'Pod') stage.cluster.put({ ...object, status: { phase, podIP: '10.42.0.9' } });
  };
  stage.cluster.said.set('novasphere-system/trial-plain', 'eth0 10.42.0.9/24');
  return stage;
}

describe('a proof', () => {
  it('says what it would prove', async () => {
    expect(await wanted().probe(fakeStage())).toEqual({
      state: 'drifted',
      changes: [{ what: 'prove: a plain pod gets an address' }],
    });
  });

  it('tries it, takes the trial away and keeps a record', async () => {
    const stage = playing('Succeeded');

    await wanted().apply(stage, stage.act);

    expect(stage.cluster.writes).toEqual([
      'apply Namespace novasphere-system',
      'apply Pod trial-plain',
      'remove Pod trial-plain',
      'apply ConfigMap proof-multus-plain-pod',
    ]);
    expect(await allProofs(stage.cluster)).toEqual([
      {
        id: 'multus/plain-pod',
        claim: 'a plain pod gets an address',
        fingerprint: expect.any(String),
        at: '2026-11-21T06:00:00.000Z',
        seconds: 0,
        evidence: ['eth0 10.42.0.9/24'],
      },
    ]);
  });

  it('tells beforehand what it puts there, also what only a stage before can say in full', async () => {
    const later = { objects: async () => [{ ...pod, metadata: { name: 'trial-later' } }], gate: {} as Gate };
    const both = proof({ ...about, stages: [about.stages[0], later] });

    const told = (await both.objects?.(fakeStage())) ?? [];

    expect(told.map(({ metadata }) => metadata.name)).toEqual(['trial-plain', 'trial-later']);
  });

  it('is not tried again while its record fits', async () => {
    const stage = playing('Succeeded');
    await wanted().apply(stage, stage.act);

    expect(await wanted().probe(stage)).toMatchObject({ state: 'converged' });
  });

  it('is tried again for another version', async () => {
    const stage = playing('Succeeded');
    await wanted('v4.2.4').apply(stage, stage.act);

    expect(await wanted('v4.3.0').probe(stage)).toEqual({
      state: 'drifted',
      changes: [
        {
          what: 'prove: a plain pod gets an address',
          from: 'proven 2026-11-21T06:00:00.000Z for other versions',
        },
      ],
    });
  });

  it('removes first what a run that was cut has left', async () => {
    const stage = playing('Succeeded');
    stage.cluster.put({ ...pod, status: { phase: 'Succeeded' } });

    await wanted().apply(stage, stage.act);

    expect(stage.cluster.writes.slice(1, 3)).toEqual(['remove Pod trial-plain', 'apply Pod trial-plain']);
  });

  it('ends with its own fault when the trial fails, and keeps no record', async () => {
    const stage = playing('Failed');

    await expect(wanted().apply(stage, stage.act)).rejects.toMatchObject({ code: 'NETWORK-BROKEN' });

    expect(await allProofs(stage.cluster)).toEqual([]);
  });

  it('asks for its trial to go when it is interrupted, and does not wait for that', async () => {
    const stage = playing('Succeeded');
    const asked: string[] = [];
    const waitFor = async ({ title }: Gate) => {
      asked.push(title);
      if (title === 'a pod to end') throw interrupted();
      return [];
    };

    await expect(wanted().apply(stage, { ...stage.act, waitFor })).rejects.toMatchObject({ code: 'RUN-INTERRUPTED' });

    expect(stage.cluster.writes.at(-1)).toBe('remove Pod trial-plain');
    expect(asked.at(-1)).toBe('a pod to end');
    expect(await allProofs(stage.cluster)).toEqual([]);
  });

  it('leaves its trial to be looked at when it fails', async () => {
    const stage = playing('Failed');

    await expect(wanted().apply(stage, stage.act)).rejects.toMatchObject({ code: 'NETWORK-BROKEN' });

    expect(stage.cluster.writes.at(-1)).toBe('apply Pod trial-plain');
  });
});
