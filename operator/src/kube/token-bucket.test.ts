import { array, assert, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

describe('a bucket of turns', () => {
  it('gives out a burst at once, and the rest one after the other', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 3 });

    const waits = Array.from({ length: 6 }, () => bucket.wait(0));

    expect(waits).toEqual([0, 0, 0, 100, 200, 300]);
  });

  it('is full again after a rest, and never fuller', () => {
    const bucket = new TokenBucket({ perSecond: 10, burst: 2 });
    for (let count = 0; count < 2; count++) bucket.wait(0);

    expect([bucket.take(0), bucket.take(50), bucket.take(100)]).toEqual([false, false, true]);
    const later = Array.from({ length: 3 }, () => bucket.wait(60_000));

    expect(later).toEqual([0, 0, 100]);
  });

  it('never lets more through in any span than the burst and what the span brings', () => {
    assert(
      property(array(nat(300), { minLength: 1, maxLength: 60 }), (pauses) => {
        const bucket = new TokenBucket({ perSecond: 10, burst: 5 });
        let now = 0;
        const turns = pauses.map((pause) => {
          now += pause;
          return now + bucket.wait(now);
        });
        for (const [first, from] of turns.entries())
          for (const [last, to] of turns.entries())
            if (last >= first) expect(last - first + 1).toBeLessThanOrEqual(5 + (to - from) / 100 + 1e-6);
      }),
    );
  });
});
