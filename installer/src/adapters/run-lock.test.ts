import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Kernel } from '#bundle/store/holder';
import type { Fault } from '#engine/fault';
import { faultScreen } from '#report/fault-screen';
import { holderOf, takeLock } from './run-lock.ts';

const six = Date.UTC(2026, 10, 21, 6, 0, 0);
const scratch = () => join(mkdtempSync(join(tmpdir(), 'novasphere-lock-')), 'state');

/** A kernel with these processes: pid → start in ticks. */
function kernel(pid: number, processes: Readonly<Record<number, string>>, boot = 'boot-1'): Kernel {
  return { pid, bootId: () => boot, namespace: () => '1', ticks: (one) => processes[one] };
}
const take = (directory: string, one: Kernel) => takeLock(directory, { command: 'apply', now: six, kernel: one });

describe('the lock of a run', () => {
  it('lets one run at a time, and says who it is and what to type', () => {
    const directory = scratch();
    take(directory, kernel(100, { 100: '5' }));

    let fault: Fault | undefined;
    try {
      take(directory, kernel(200, { 100: '5', 200: '9' }));
    } catch (error) {
      fault = error as Fault;
    }

    expect(fault).toMatchObject({ code: 'RUN-LOCKED', exitCode: 6 });
    expect(faultScreen(fault!.record()).replace(directory, '/var/lib/novasphere')).toMatchInlineSnapshot(`
      "✖ Another run is at work
        “novasphere apply” (process 100) has been at work since 2026-11-21 06:00:00
        UTC
        because  two runs at the same time would undo each other’s work
        where    file /var/lib/novasphere/lock
        try      novasphere status --follow
                 kill -INT 100  asks it to stop at its next safe point
      "
    `);
  });

  it('lets the next run in once it is released', () => {
    const directory = scratch();

    take(directory, kernel(100, { 100: '5' })).release();

    expect(take(directory, kernel(200, { 200: '9' })).tookOver).toBeUndefined();
  });

  it('takes over the lock of a process that no longer runs, and says so', () => {
    const directory = scratch();
    take(directory, kernel(100, { 100: '5' }));

    const { tookOver } = take(directory, kernel(200, { 200: '9' }));

    expect(tookOver).toBe(
      'took over the lock of “novasphere apply” (process 100, since 2026-11-21 06:00:00 UTC), which no longer runs',
    );
  });

  it('does not take another process with the same pid for the holder', () => {
    const directory = scratch();
    take(directory, kernel(100, { 100: '5' }));

    expect(take(directory, kernel(200, { 100: '777', 200: '9' })).tookOver).toContain('no longer runs');
  });

  it('takes over the lock of an earlier boot', () => {
    const directory = scratch();
    take(directory, kernel(100, { 100: '5' }));

    const { tookOver } = take(directory, kernel(100, { 100: '5' }, 'boot-2'));

    expect(tookOver).toContain('which was ended by a restart of the machine');
  });

  it('takes over a lock that is not readable', () => {
    const directory = scratch();
    take(directory, kernel(100, { 100: '5' }));
    writeFileSync(join(directory, 'lock'), '{"pid":');

    expect(take(directory, kernel(200, { 200: '9' })).tookOver).toContain('nobody can have written to its end');
  });

  it('never removes the lock of somebody else', () => {
    const directory = scratch();
    const first = take(directory, kernel(100, { 100: '5' }));
    take(directory, kernel(200, { 200: '9' }));

    first.release();

    expect(JSON.parse(readFileSync(join(directory, 'lock'), 'utf8'))).toMatchObject({ pid: 200 });
  });

  it('tells who is at work, by the real kernel', () => {
    const directory = scratch();
    const lock = takeLock(directory, { command: 'apply', now: six });

    expect(holderOf(directory)).toMatchObject({ pid: process.pid, command: 'apply' });
    lock.release();
    expect(holderOf(directory)).toBeUndefined();
  });

  it('names the state directory when it cannot be written', () => {
    expect(() => take('/dev/null/state', kernel(100, { 100: '5' }))).toThrow('cannot be written');
  });
});
