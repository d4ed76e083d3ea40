import { describe, expect, it } from 'vitest';
import type { Catalog } from '#catalog/catalog';
import type { Phase } from '#engine/step';
import type { Profile } from '#profile/schema';
import { fileStep } from '../../../test/fixtures/small-world.ts';
import { compile } from './compile.ts';
import type { PhaseFor } from './plan.ts';

const profile = (...nodes: { name: string; role: 'server' | 'agent' }[]) => ({ nodes }) as unknown as Profile;
const catalog = {} as Catalog;
const one = profile({ name: 'a', role: 'server' });

function phase(id: string, more: Partial<Phase> = {}): PhaseFor {
  return () => ({ id, title: id, on: 'cluster', needs: [], steps: [fileStep(`${id}/x`)], ...more });
}

describe('compile', () => {
  it('puts a phase of every host on each of them, servers first, and a phase of the cluster once', () => {
    const site = profile(
      { name: 'agent', role: 'agent' },
      { name: 'first', role: 'server' },
      { name: 'second', role: 'server' },
    );

    const plan = compile(site, catalog, [phase('host', { on: 'each host' }), phase('cluster')]);

    expect(plan.units.map((unit) => `${unit.phase.id} ${unit.host}`)).toEqual([
      'host first',
      'host second',
      'host agent',
      'cluster first',
    ]);
  });

  it('gives the same digest for the same profile, and another for another', () => {
    const digest = (site: Profile) => compile(site, catalog, [phase('host')]).digest;

    expect(digest(one)).toBe(digest(profile({ name: 'a', role: 'server' })));
    expect(digest(one)).not.toBe(digest(profile({ name: 'b', role: 'server' })));
  });

  it.for<[string, readonly PhaseFor[], string]>([
    [
      'a need that comes later',
      [phase('a', { needs: ['b'] }), phase('b')],
      'phase a needs b, which does not come before it',
    ],
    ['a step of another phase', [phase('a', { steps: [fileStep('b/x')] })], 'step b/x is not named after its phase a'],
    ['a step twice', [phase('a', { steps: [fileStep('a/x'), fileStep('a/x')] })], 'step a/x is there twice on a'],
    [
      'a step that needs what nobody makes',
      [phase('a', { steps: [fileStep('a/x', { needs: ['a/y'] })] })],
      'step a/x needs a/y, which does not come before it',
    ],
  ])('refuses %s', ([, phases, message]) => {
    expect(() => compile(one, catalog, phases)).toThrow(expect.objectContaining({ code: 'PLAN-INVALID', message }));
  });
});
