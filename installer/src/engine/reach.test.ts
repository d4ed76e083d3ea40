import { describe, expect, it } from 'vitest';
import { outOfReachHost } from '#adapters/out-of-reach-host';
import type { Host } from '#ports/host';
import { fileStep, unit } from '../../../test/fixtures/small-world.ts';
import { reach } from './reach.ts';
import type { Unit } from './unit.ts';

const bundle = fileStep('preflight/bundle', { withoutHost: true });
const units: readonly Unit[] = [
  unit('preflight', [bundle, fileStep('preflight/machine')], { host: 'a' }),
  unit('preflight', [bundle, fileStep('preflight/machine')], { host: 'b' }),
  unit('host', [fileStep('host/packages')], { host: 'a' }),
  unit('host', [fileStep('host/packages')], { host: 'b' }),
  unit('off', [], { host: 'a' }),
  unit('longhorn', [fileStep('longhorn/install')], { host: 'a', on: 'cluster' }),
];
const told = (all: readonly Unit[]) =>
  all.map(({ phase, host }) => `${host}: ${phase.steps.map(({ id }) => id).join(' ')}`);
const local = (name: string) => ({ name }) as Host;

describe('what can be walked', () => {
  it('is everything where every machine is at hand', () => {
    expect(reach(units, { host: local })).toEqual({ here: units, elsewhere: [] });
  });

  it('is the cluster alone from a machine that is no node, and what looks at bundle and cluster only', () => {
    const { here, elsewhere } = reach(units, { host: outOfReachHost });

    expect(told(here)).toEqual(['a: preflight/bundle', 'a: longhorn/install']);
    expect(told(elsewhere)).toEqual([
      'a: preflight/bundle preflight/machine',
      'b: preflight/bundle preflight/machine',
      'a: host/packages',
      'b: host/packages',
    ]);
  });

  it('is the own machine and the cluster from a second server', () => {
    const host = (name: string) => (name === 'b' ? local(name) : outOfReachHost(name));

    expect(told(reach(units, { host }).here)).toEqual([
      'a: preflight/bundle',
      'b: preflight/bundle preflight/machine',
      'b: host/packages',
      'a: longhorn/install',
    ]);
  });

  it('is the own machine alone where nobody said how the cluster is reached', () => {
    const host = (name: string) => (name === 'b' ? local(name) : undefined);

    const { here, elsewhere } = reach(units, { host });

    expect(told(here)).toEqual(['b: preflight/bundle preflight/machine', 'b: host/packages']);
    expect(told(elsewhere)).toContain('a: longhorn/install');
  });
});
