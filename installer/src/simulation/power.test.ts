import { describe, expect, it } from 'vitest';
import { PowerCut, RehearsalFuse } from './power.ts';

describe('the fuse of a rehearsal', () => {
  it('numbers the writes and blows at the one that the rule names', () => {
    const fuse = new RehearsalFuse();
    fuse.arm(({ count }) => (count === 2 ? 'before' : undefined));

    fuse.before('one');
    fuse.after('one');

    expect(() => fuse.before('two')).toThrow('power cut before “two”');
    expect(() => fuse.before('three')).toThrow(PowerCut);
    expect([fuse.count, fuse.blown]).toEqual([2, true]);
  });

  it('blows after its own write, whatever else is under way beside it', () => {
    const fuse = new RehearsalFuse();
    fuse.arm(({ what }) => (what === 'one' ? 'after' : undefined));

    fuse.before('one');
    fuse.before('other');
    fuse.after('other');

    expect(() => fuse.after('one')).toThrow('power cut right after “one”');
  });

  it('keeps a rule over a restart that was asked for, and has none left once it has blown', () => {
    const fuse = new RehearsalFuse();
    fuse.arm(({ what }) => (what === 'one' ? 'torn' : undefined));

    fuse.mend();
    const kept = fuse.before('one');
    expect(() => fuse.blow('one')).toThrow('power cut in the middle of “one”');
    fuse.mend();

    expect([kept, fuse.before('one'), fuse.blown]).toEqual(['torn', 'whole', false]);
  });
});
