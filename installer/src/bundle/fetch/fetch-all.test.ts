import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import { type FetchEvent, fetchAll, type Job } from './fetch-all.ts';
import { faultOf } from './fetch-scene.ts';

const job = (name: string, size: number, run: Job['run'] = async () => undefined): Job => ({ name, size, run });
const failing = (name: string, size: number, code: 'FETCH-FAILED' | 'HOST-DISK-FULL' = 'FETCH-FAILED') =>
  job(name, size, async () => {
    throw new Fault({
      code,
      message: `cannot download ${name}: gone`,
      cause: 'a reason',
      remedy: ['look'],
      where: ['URL x'],
    });
  });

describe('many downloads', () => {
  it('begin with the largest, so many at once', async () => {
    const events: string[] = [];
    let [now, most] = [0, 0];
    const slow = async () => {
      now += 1;
      most = Math.max(most, now);
      await new Promise(setImmediate);
      now -= 1;
    };
    const jobs = [job('b', 1, slow), job('a', 1, slow), job('big', 9, slow), job('middle', 5, slow)];

    await fetchAll(jobs, { atOnce: 2, tell: ({ kind, name }) => kind === 'began' && events.push(name) });

    expect([events, most]).toEqual([['big', 'middle', 'a', 'b'], 2]);
  });

  it('are told from their beginning to their end', async () => {
    const events: FetchEvent[] = [];
    const one = job('a', 7, async ({ tell }) => tell({ kind: 'has', bytes: 7 }));

    await fetchAll([one], { tell: (event) => events.push(event) });

    expect(events).toEqual([
      { kind: 'began', name: 'a' },
      { kind: 'has', name: 'a', bytes: 7 },
      { kind: 'ended', name: 'a', outcome: 'done' },
    ]);
  });

  it('go on when one fails, which is told as it is', async () => {
    const done: string[] = [];
    const jobs = [failing('bad', 9), job('good', 1, async () => done.push('good'))];

    expect(await faultOf(fetchAll(jobs, { atOnce: 1 }))).toBe(
      'FETCH-FAILED\ncannot download bad: gone\na reason\nURL x\nlook',
    );
    expect(done).toEqual(['good']);
  });

  it('tell the first failure whole and the others by name', async () => {
    const jobs = [failing('small', 1), failing('large', 9), job('good', 5), failing('middle', 5)];

    expect(await faultOf(fetchAll(jobs, { atOnce: 1 }))).toMatchInlineSnapshot(`
      "FETCH-FAILED
      cannot download large: gone
      a reason
      URL x
      middle failed as well: cannot download middle: gone
      small failed as well: cannot download small: gone
      look"
    `);
  });

  it('stop when the disk is full: the others would only fail as well', async () => {
    const jobs = [failing('large', 9, 'HOST-DISK-FULL'), job('good', 1), job('better', 2)];
    const began: string[] = [];

    const told = await faultOf(fetchAll(jobs, { atOnce: 1, tell: ({ name }) => began.push(name) }));

    expect(told).toContain('HOST-DISK-FULL\ncannot download large: gone');
    expect(told).toContain('not begun: 2');
    expect(new Set(began)).toEqual(new Set(['large']));
  });

  it('end with a mistake of ours as it is', async () => {
    const odd = job('odd', 1, async () => {
      throw new TypeError('undefined is not a function');
    });
    await expect(fetchAll([failing('bad', 9), odd])).rejects.toThrow(TypeError);
  });

  it('stop at once when somebody asks, after everything under way has let go', async () => {
    const stop = new AbortController();
    const outcomes: string[] = [];
    let hasLetGo = false;
    const patient = job('under way', 9, async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await new Promise(setImmediate);
      hasLetGo = true;
      throw signal.reason;
    });
    const tell = (event: FetchEvent) => {
      if (event.kind === 'ended') outcomes.push(`${event.name} ${event.outcome}`);
    };
    const all = fetchAll([patient, job('never', 1)], { atOnce: 1, signal: stop.signal, tell });

    stop.abort(new Error('Ctrl+C'));

    await expect(all).rejects.toThrow('Ctrl+C');
    expect([hasLetGo, outcomes]).toEqual([true, ['under way stopped']]);
  });

  it('of none are done', async () => {
    await expect(fetchAll([])).resolves.toBeUndefined();
  });
});
