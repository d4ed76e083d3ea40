import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import type { Handlers } from '#kube/object-store';
import { firstRuns } from './first-runs.ts';

const born = Date.parse('2026-01-01T00:00:00Z');
const told: number[] = [];
let now = born;
let runs: Handlers;
beforeEach(() => {
  told.length = 0;
  runs = firstRuns(
    () => now,
    (seconds) => told.push(seconds),
  );
});

function press(phase?: string, uid = 'press-1'): KubeObject {
  const metadata = { name: 'press', uid, creationTimestamp: '2026-01-01T00:00:00Z' };
  return { apiVersion: 'v1', kind: 'Wukong', metadata, ...(phase === undefined ? {} : { status: { phase } }) };
}

function becomes(phase: string, after: number): void {
  now = born + after * 1000;
  runs.updated?.(press(phase), press());
}

describe('how long new Wukongs take to run', () => {
  it('is told when one first runs, and never again', () => {
    runs.added?.(press());
    becomes('Creating', 1);
    becomes('Running', 42);
    becomes('Creating', 50);
    becomes('Running', 60);

    expect(told).toEqual([42]);
  });

  it('is not told of one that was there before, nor of one that was off in between', () => {
    runs.added?.(press('Creating'));
    becomes('Running', 3600);
    runs.added?.(press());
    becomes('Stopped', 5);
    becomes('Running', 86_400);

    expect(told).toEqual([]);
  });

  it('is forgotten of one that is gone', () => {
    runs.added?.(press());
    runs.deleted?.(press());
    becomes('Running', 42);

    expect(told).toEqual([]);
  });
});
