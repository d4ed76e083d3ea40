import { mkdtempSync, readlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Entry } from '#ports/journal';
import { stateDirectory, statePath } from './state-directory.ts';

const six = Date.UTC(2026, 10, 21, 6, 0, 0);
const note = (text: string): Entry => ({ at: '2026-11-21T06:00:00.000Z', event: 'note', text });
const fresh = () => stateDirectory(join(mkdtempSync(join(tmpdir(), 'novasphere-state-')), 'state'));

describe('the state directory', () => {
  it('is where the environment says, else in /var/lib', () => {
    expect(statePath({ NOVASPHERE_STATE: '/tmp/state' })).toBe('/tmp/state');
    expect(statePath({})).toBe('/var/lib/novasphere');
  });

  it.each([
    ['for root', { isRoot: true, exists: () => false }, '/var/lib/novasphere'],
    ['for anybody on a machine that root has installed', { isRoot: false, exists: () => true }, '/var/lib/novasphere'],
    ['for a user elsewhere', { isRoot: false, exists: () => false }, '/home/ada/.local/state/novasphere'],
  ])('is at home only where nobody has installed anything: %s', (_, seeker, path) => {
    expect(statePath({ HOME: '/home/ada' }, seeker)).toBe(path);
  });

  it('follows $XDG_STATE_HOME', () => {
    const seeker = { isRoot: false, exists: () => false };

    expect(statePath({ HOME: '/home/ada', XDG_STATE_HOME: '/data/state' }, seeker)).toBe('/data/state/novasphere');
    expect(statePath({}, seeker)).toBe('/var/lib/novasphere');
  });

  it('names runs after the time and the command, and numbers those of the same second', () => {
    const state = fresh();

    const ids = [state.begin(six, 'apply').run, state.begin(six, 'apply').run, state.begin(six + 1000, 'plan').run];

    expect(ids).toEqual(['20261121-060000-apply', '20261121-060000-apply-2', '20261121-060001-plan']);
    expect(state.runs()).toEqual(ids);
  });

  it('points at the latest run', () => {
    const state = fresh();

    state.begin(six, 'apply');
    state.begin(six + 1000, 'plan');

    expect(readlinkSync(join(state.path, 'latest'))).toBe('runs/20261121-060001-plan.jsonl');
  });

  it('reads the last run unless another is named', () => {
    const state = fresh();
    state.begin(six, 'apply').append(note('first'));
    state.begin(six + 1000, 'apply').append(note('second'));

    expect(state.read().entries).toEqual([note('second')]);
    expect(state.read('20261121-060000-apply').entries).toEqual([note('first')]);
  });

  it('says that there is no run yet, or no such run', () => {
    const state = fresh();

    expect(() => state.read()).toThrow('no run has been recorded on this machine yet');
    state.begin(six, 'apply');
    expect(() => state.read('yesterday')).toThrow(
      expect.objectContaining({ code: 'RUN-UNKNOWN', message: 'there is no run yesterday' }),
    );
  });

  it('leaves damaged journals out of its history, and refuses newer ones', () => {
    const state = fresh();
    state.begin(six, 'apply').append(note('good'));
    writeFileSync(join(state.path, 'runs', '20261121-070000-apply.jsonl'), 'nonsense\n{"event":"note"}\n');

    expect(state.all()).toEqual([[note('good')]]);

    writeFileSync(join(state.path, 'runs', '20261121-080000-apply.jsonl'), '{"event":"run-began","version":7}\n');
    expect(() => state.all()).toThrow('has version 7, and this Novasphere knows version 1');
  });
});
