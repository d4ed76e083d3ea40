import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Kernel } from '#bundle/store/holder';
import type { Fault } from '#engine/fault';
import { lockStore } from './store-lock.ts';

const now = Date.UTC(2026, 10, 21, 6, 0, 0);
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'novasphere-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** A kernel with these processes: pid → start in ticks. */
function kernel(pid: number, processes: Readonly<Record<number, string>>, boot = 'boot-1', namespace = '1'): Kernel {
  return { pid, bootId: () => boot, namespace: () => namespace, ticks: (one) => processes[one] };
}
const lock = (one?: Kernel) => lockStore(directory, { now, ...(one === undefined ? {} : { kernel: one }) });
const fault = (one: Kernel): Fault => {
  try {
    lock(one);
  } catch (error) {
    return error as Fault;
  }
  throw new Error('was not locked');
};

describe('the lock of a store', () => {
  it('lets one fetch at a time, and says who it is and what to do', () => {
    lock(kernel(100, { 100: '5' }));

    const locked = fault(kernel(200, { 100: '5', 200: '9' }));

    expect(locked.exitCode).toBe(6);
    const told = JSON.stringify(locked.record(), undefined, 1);
    expect(told.replaceAll(directory, '/store')).toMatchInlineSnapshot(`
      "{
       "code": "FETCH-LOCKED",
       "message": "another fetch (process 100) has been filling the same store since 2026-11-21 06:00:00 UTC",
       "because": [
        "two fetches at once would download everything twice"
       ],
       "where": [
        "file /store/lock"
       ],
       "evidence": [],
       "remedy": [
        "wait until it has ended, then run the same command again: what it has fetched is not fetched again",
        "kill -INT 100  asks it to stop; it keeps what it has",
        "rm /store/lock  only if that process is no fetch of Novasphere"
       ]
      }"
    `);
  });

  it('is free once it is released', () => {
    lock(kernel(100, { 100: '5' })).release();
    expect(lock(kernel(200, { 100: '5', 200: '9' })).tookOver).toBeUndefined();
  });

  it.each([
    ['no longer runs', kernel(200, { 200: '9' }), 'which no longer runs'],
    ['has given its pid to another one', kernel(200, { 100: '777', 200: '9' }), 'which no longer runs'],
    ['was of an earlier boot', kernel(100, { 100: '5' }, 'boot-2'), 'which was ended by a restart of the machine'],
  ])('is taken over from a process that %s', (_, next, why) => {
    lock(kernel(100, { 100: '5' }));
    expect(lock(next).tookOver).toBe(
      `took over the lock of a fetch (process 100, since 2026-11-21 06:00:00 UTC), ${why}`,
    );
  });

  it('is taken over when nobody can have written it to its end', () => {
    writeFileSync(join(directory, 'lock'), '{"pid":');
    expect(lock(kernel(200, { 200: '9' })).tookOver).toBe(
      'took over a lock of the store that nobody can have written to its end',
    );
  });

  it('is not taken from a process in another container, which nobody here can see', () => {
    lock(kernel(100, { 100: '5' }));
    expect(fault(kernel(200, { 200: '9' }, 'boot-1', '2')).code).toBe('FETCH-LOCKED');
  });

  it('is never released by somebody else', () => {
    const first = lock(kernel(100, { 100: '5' }));
    lock(kernel(200, { 200: '9' }));
    first.release();
    expect(JSON.parse(readFileSync(join(directory, 'lock'), 'utf8'))).toMatchObject({ pid: 200 });
  });

  it('is held by this very process, as the real kernel tells', () => {
    lock();
    expect(JSON.parse(readFileSync(join(directory, 'lock'), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(() => lock()).toThrow(`another fetch (process ${process.pid})`);
  });

  it('names the place when it cannot be written', () => {
    expect(() => lockStore('/dev/null/store', { now })).toThrow('cannot write /dev/null/store/lock');
  });
});
