import { describe, expect, it } from 'vitest';
import { leftOver } from '#engine/left-over';
import type { Entry } from '#ports/journal';
import { sampleJournal } from '../../../test/report/sample-journal.ts';
import { planScreen } from './plan-screen.ts';

/** A plan in which one step has noted something; `changes` are what it would change. */
function planOf(note: string, changes: Extract<Entry, { event: 'found' }>['changes'] = []): readonly Entry[] {
  const entries = sampleJournal({ mode: 'inspect', converged: true });
  const at = entries.findIndex((entry) => entry.event === 'found' && entry.step === 'longhorn/longhorn');
  const found = entries[at] as Extract<Entry, { event: 'found' }>;
  const state = changes.length === 0 ? 'converged' : 'drifted';
  return entries.with(at, { ...found, state, changes, notes: [note] });
}

describe('what an earlier release left over', () => {
  const note = leftOver(
    'Deployment longhorn-system/old-ui, ConfigMap longhorn-system/old; “--prune longhorn” removes them',
  );

  it('is told at the end of a plan that changes nothing', () => {
    expect(planScreen(planOf(note))).toMatchInlineSnapshot(`
      "Nothing to change: 34 steps looked at, all as wanted.
      left over   Deployment longhorn-system/old-ui, ConfigMap longhorn-system/old;
                  “--prune longhorn” removes them
      "
    `);
  });

  it('is told at the end of a plan that changes something, and what is destroyed is named', () => {
    const changes = [
      { what: 'remove Namespace old', to: 'longhorn has none of that name any more', destructive: 'Namespace old' },
    ];

    expect(planScreen(planOf(note, changes))).toMatchInlineSnapshot(`
      "Install Longhorn storage
        Install Longhorn
        !   remove Namespace old: longhorn has none of that name any more, destroys
              Namespace old

      in all      1 change in 1 step of 34
      reboot      not needed
      destroys    Namespace old
      left over   Deployment longhorn-system/old-ui, ConfigMap longhorn-system/old;
                  “--prune longhorn” removes them
      "
    `);
  });

  it('is not mixed with what steps note otherwise', () => {
    expect(planScreen(planOf('proven 2026-11-21: a pod resolves a name'))).toBe(
      'Nothing to change: 34 steps looked at, all as wanted.\n',
    );
  });
});
