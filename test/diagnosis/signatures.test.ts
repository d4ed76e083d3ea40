import { describe, expect, it } from 'vitest';
import { signatures } from '#diagnosis/signatures';
import { remediesOf } from '#diagnosis/signatures/signature';
import { cases } from './cases.ts';

/** Failures that no API server ever shows, and where they show instead. */
const unseen: Readonly<Record<number, string>> = {
  1: 'the kubelet does not start: journal of k3s',
  2: 'k3s does not start: journal of k3s',
  4: 'k3s does not start: journal of k3s',
  10: 'the unit of k3s fails before k3s: systemctl status k3s',
  11: 'the kubelet does not start: journal of k3s',
  12: 'the kubelet does not start: journal of k3s',
  13: 'the AddOn is never made: journal of k3s',
  16: 'the server never joins: its own journal',
  44: 'the answer to a write; whoever writes is told, as CLUSTER-IMMUTABLE',
  67: 'the answer to a delete; whoever deletes is told',
  79: 'metrics that are missing: Prometheus knows, no object does',
};
const all = Array.from({ length: 84 }, (_, index) => index + 1);
const covered = new Set(cases.flatMap(({ ids }) => ids));

describe('the known failures', () => {
  it('each have a case with its whole explanation, or a reason why the API cannot show them', () => {
    expect(all.filter((id) => !covered.has(id) && unseen[id] === undefined)).toEqual([]);
    expect(all.filter((id) => covered.has(id) && unseen[id] !== undefined)).toEqual([]);
  });

  it('are in the table unless the table could do nothing with them', () => {
    const known = new Set(signatures.map(({ id }) => id));
    // A machine's own word for its state is translated as it is.
    expect(all.filter((id) => !known.has(id))).toEqual([10, 13, 44, 65, 67, 79]);
  });

  it('have a cause in one sentence, and one to three remedies without a blank that nobody fills', () => {
    for (const one of signatures) {
      expect(one.cause, one.title).not.toMatch(/\.$/);
      expect(one.remedies.length, one.title).toBeLessThanOrEqual(3);
      expect(remediesOf(one).join(' '), one.title).not.toMatch(/\{\w+\}/);
    }
  });
});
