import { expect, it } from 'vitest';
import { firstRun } from './first-run.ts';

const made = '2026-11-21T06:00:00Z';
const now = Date.parse('2026-11-21T06:00:42Z');
const wukong = (notReadySince?: string) => ({
  apiVersion: 'vm.novasphere.dev/v1alpha1',
  kind: 'Wukong',
  metadata: { name: 'press', creationTimestamp: made },
  ...(notReadySince && { status: { conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: notReadySince }] } }),
});

it('tells how long a Wukong took to run for the first time', () => {
  expect(firstRun(wukong('2026-11-21T06:00:01Z'), now)).toBe(42_000);
  expect(firstRun(wukong(), now)).toBe(42_000);
});

it('does not tell that of one that ran before', () => {
  expect(firstRun(wukong('2026-11-21T06:00:30Z'), now)).toBeUndefined();
});
