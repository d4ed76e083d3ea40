import { describe, expect, it } from 'vitest';
import type { Entry } from '#ports/journal';
import { sampleJournal } from '../../../test/report/sample-journal.ts';
import { historyOf, openIntents } from './history.ts';

const at = '2026-11-21T06:00:00.000Z';
const of = { at, step: 'host/data-disk', host: 'a' };
const intent: Entry = { ...of, event: 'intent', target: 'disk wwn 1' };
const applied: Entry = { ...of, event: 'applied', seconds: 2 };
const ended = (outcome: 'converged' | 'applied' | 'failed', seconds = 2): Entry => ({
  ...of,
  event: 'step-ended',
  outcome,
  seconds,
});

describe('the history of a machine', () => {
  it('knows how long a step and a gate took last time', () => {
    const history = historyOf([sampleJournal()]);

    expect(history.step('k3s/images')).toEqual({ last: 96.3, p95: 96.3 });
    expect(history.gate('kubevirt/cr', 'KubeVirt to be deployed')).toEqual({ last: 187, p95: 187 });
    expect(history.step('k3s/unknown')).toBeUndefined();
  });

  it('does not count looking', () => {
    expect(historyOf([sampleJournal({ mode: 'inspect' })]).step('k3s/images')).toBeUndefined();
  });

  it('takes the 95th percentile over all runs', () => {
    const runs = Array.from({ length: 20 }, (_, index) => [ended('applied', index + 1)]);

    expect(historyOf(runs).step('host/data-disk')).toEqual({ last: 20, p95: 19 });
  });
});

describe('intents', () => {
  it('stay open when the run was cut after them', () => {
    expect([...openIntents([[intent]])]).toEqual(['disk wwn 1']);
  });

  it('stay open when the step failed', () => {
    expect([...openIntents([[intent, ended('failed')]])]).toEqual(['disk wwn 1']);
  });

  it.for([
    ['the step has acted', [[intent, applied]]],
    ['a later run found it done', [[intent], [ended('converged')]]],
  ] as const)('are closed once %s', ([, runs]) => {
    expect([...openIntents(runs)]).toEqual([]);
  });

  it('are open again when a later run meant to do it once more', () => {
    expect([...openIntents([[intent, applied], [intent]])]).toEqual(['disk wwn 1']);
  });
});
