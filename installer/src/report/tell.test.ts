import { describe, expect, it } from 'vitest';
import { sampleFault, sampleJournal } from '../../../test/report/sample-journal.ts';
import { certificateOf } from './certificate.ts';
import { tell } from './tell.ts';

const failed = sampleJournal({ fail: { step: 'kubevirt/cr', fault: sampleFault } });

describe('the story of a run', () => {
  it('knows every phase and step of the plan, in order', () => {
    const story = tell(sampleJournal());

    expect(story.phases.map((phase) => phase.state)).toEqual(Array(11).fill('done'));
    expect(story.phases.flatMap((phase) => phase.steps)).toHaveLength(34);
    expect(story).toMatchObject({ outcome: 'done', exitCode: 0, changed: 25, mode: 'apply' });
  });

  it('tells how long a gate was waited for, why, and since when it was slow', () => {
    const gate = tell(sampleJournal()).phases.flatMap((phase) => phase.steps.flatMap((step) => step.gates))[1];

    expect(gate).toEqual({
      gate: 'Longhorn to have a schedulable disk on every node',
      since: '2026-11-21T06:04:40.500Z',
      until: '2026-11-21T06:11:32.500Z',
      seconds: 412,
      slowSince: '2026-11-21T06:10:41.500Z',
      passed: true,
      because: [
        'DaemonSet longhorn-system/longhorn-manager has 0 of 1 pods ready',
        'no Longhorn node plant-7-a yet',
        'the disk of plant-7-a is not ready: waiting for the instance manager',
      ],
      evidence: [
        'disk /var/lib/longhorn on plant-7-a is schedulable, 1.7 TiB free',
        'CSI driver driver.longhorn.io is registered',
      ],
    });
  });

  it('leaves what was not reached as pending', () => {
    const story = tell(failed);

    expect(story.phases.map((phase) => phase.state).slice(6)).toEqual([
      'failed',
      'pending',
      'pending',
      'pending',
      'pending',
    ]);
    expect(story.faults).toMatchObject([{ step: 'kubevirt/cr', title: 'Configure KubeVirt', host: 'plant-7-a' }]);
  });

  it('can be told wherever the journal ends', () => {
    const entries = sampleJournal();
    for (let cut = 0; cut <= entries.length; cut++) {
      const story = tell(entries.slice(0, cut));

      expect(story.outcome).toBe(cut === entries.length ? 'done' : 'running');
    }
  });

  it('tells a run and the run that went on after it as one', () => {
    const cut = sampleJournal().slice(0, 120);

    const story = tell([...cut, ...sampleJournal()]);

    expect(story.outcome).toBe('done');
    expect(story.phases).toHaveLength(11);
    expect(story.phases.flatMap((phase) => phase.steps)).toHaveLength(34);
    expect(story.phases.every((phase) => phase.state === 'done')).toBe(true);
  });

  it('keeps a fault of an earlier run, and lets the step be done by the later one', () => {
    const story = tell([...failed, ...sampleJournal()]);

    expect(story.faults).toHaveLength(1);
    expect(story.phases[6]).toMatchObject({ state: 'done', steps: [{}, { state: 'applied' }] });
    expect(story.phases[6]?.steps[1]?.fault).toBeUndefined();
  });

  it('takes a phase on two hosts for done once both are', () => {
    const at = '2026-11-21T06:00:00.000Z';
    const began = { at, event: 'phase-began', phase: 'host', title: 'Prepare the host' } as const;
    const ended = { at, event: 'phase-ended', phase: 'host', outcome: 'done', seconds: 2 } as const;

    expect(tell([began, began, ended]).phases[0]?.state).toBe('running');
    expect(tell([began, began, ended, ended]).phases[0]).toMatchObject({ state: 'done', seconds: 4 });
  });
});

describe('the certificate', () => {
  it('holds what the guest printed and every proof', () => {
    const certificate = certificateOf(tell(sampleJournal()));

    expect(certificate?.console.at(-1)).toBe('sample login:');
    expect(certificate?.proofs).toHaveLength(4);
  });

  it('is not given to a run that failed before', () => {
    expect(certificateOf(tell(failed))).toBeUndefined();
  });
});
