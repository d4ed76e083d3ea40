import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Entry } from '#ports/journal';
import { historyOf } from '#report/history';
import { paint } from '#report/paint';
import { sampleFault, sampleJournal } from '../../../test/report/sample-journal.ts';
import { jsonView } from './json-view.ts';
import { plainView, type ViewOptions } from './plain-view.ts';

function shown(entries: readonly Entry[], options: Partial<ViewOptions> = {}): string {
  let text = '';
  const view = plainView({
    write: (more) => {
      text += more;
    },
    ...options,
  });
  for (const entry of entries) view.show(entry);
  return text;
}

const waiting = (seconds: number, because: string, slow?: true): Entry => ({
  at: new Date(Date.UTC(2026, 10, 21, 6, 0, seconds)).toISOString(),
  event: 'waiting',
  step: 'longhorn/longhorn',
  host: 'plant-7-a',
  gate: 'Longhorn to be ready',
  because,
  since: '2026-11-21T06:00:00.000Z',
  ...(slow === undefined ? {} : { slow }),
});

describe('the plain view', () => {
  it('tells a whole run in lines of at most 80 columns', async () => {
    const text = shown(sampleJournal());

    expect(text.split('\n').every((line) => line.length <= 80)).toBe(true);
    await expect(text).toMatchFileSnapshot('../../../test/golden/report/plain-view.txt');
  });

  it('tells a failed run to its last line', () => {
    const text = shown(sampleJournal({ fail: { step: 'kubevirt/cr', fault: sampleFault } }));

    expect(text.split('\n').slice(-6).join('\n')).toMatchInlineSnapshot(`
      "                   kubevirt/virt-handler has 0 of 1 pods ready
        16:51    failed  Configure KubeVirt: KubeVirt stays Deploying because one
                         image is missing: quay.io/kubevirt/virt-launcher:v1.7.0
        16:51  phase 7/11  failed in 3 min 14 s
        16:51    ended   failed, 16 min 51 s, 17 steps changed something
      "
    `);
  });

  it('repeats a wait only when its reason changes or 30 s have passed', () => {
    const seconds = [0, 5, 10, 29, 30, 45, 46];
    const entries = seconds.map((second) =>
      waiting(second, second < 46 ? 'one disk is missing' : 'no disk is missing'),
    );

    const lines = shown([sampleJournal()[0]!, ...entries])
      .split('\n')
      .filter((line) => line.includes('waiting'));

    expect(lines.map((line) => line.trim().split(' ')[0])).toEqual(['0:00', '0:30', '0:46']);
  });

  it('says that a wait takes longer than usual, with what earlier runs took', () => {
    const history = historyOf([
      sampleJournal().map((entry): Entry => ('gate' in entry ? { ...entry, gate: 'Longhorn to be ready' } : entry)),
    ]);

    const text = shown([sampleJournal()[0]!, waiting(660, 'one disk is missing', true)], { history });

    expect(text.split('\n').slice(1).join('\n')).toMatchInlineSnapshot(`
      "  11:00    slow    taking longer than usual: 11 min, p95 6 min 52 s, for
                         Longhorn to be ready: one disk is missing
      "
    `);
  });

  it('shows every change when asked to', () => {
    expect(shown(sampleJournal(), { verbose: true })).toContain('change  - vm.swappiness: 60 → 10');
  });

  it('writes no escape sequence without colours, and the same words with them', () => {
    const coloured = shown(sampleJournal(), { paint: paint(true) });

    expect(stripVTControlCharacters(coloured)).toBe(shown(sampleJournal()));
    expect(shown(sampleJournal())).not.toContain('\u001B');
  });
});

describe('the JSON view', () => {
  it('writes every event as one line with its version', () => {
    let text = '';
    const view = jsonView((more) => {
      text += more;
    });

    for (const entry of sampleJournal()) view.show(entry);

    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { version: number });
    expect(lines.every((line) => line.version === 1)).toBe(true);
    expect(lines).toHaveLength(sampleJournal().length);
  });
});
