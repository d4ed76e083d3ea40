import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equal } from '../values.ts';
import { fieldsOf } from './fields-of.ts';
import { applied } from './ownership.ts';
import { difference, type Fields, intersection, isEmpty, paths, union } from './set.ts';
import { fields, keyed, set } from './shape.ts';

const shape = fields({ spec: fields({ items: keyed(['name']), words: set }) });

const value = fc.record(
  {
    spec: fc.record(
      {
        items: fc.uniqueArray(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), x: fc.nat(3) }), {
          selector: ({ name }) => name,
        }),
        words: fc.uniqueArray(fc.constantFrom('p', 'q', 'r')),
        n: fc.nat(3),
        m: fc.dictionary(fc.constantFrom('k', 'l'), fc.nat(2), { noNullPrototype: true }),
      },
      { requiredKeys: [], noNullPrototype: true },
    ),
  },
  { noNullPrototype: true },
);
const some = value.map((one) => fieldsOf(one, shape));
const same = (one: Fields, other: Fields) => equal(paths(one).sort(), paths(other).sort());

describe('field sets', () => {
  it('take a set away from a union and leave what was only in the other', () => {
    fc.assert(fc.property(some, some, (a, b) => same(union(difference(a, b), intersection(a, b)), a)));
  });

  it('are the same whichever is joined first', () => {
    fc.assert(fc.property(some, some, (a, b) => same(union(a, b), union(b, a))));
  });

  it('are empty without themselves', () => {
    fc.assert(fc.property(some, (a) => isEmpty(difference(a, a))));
  });

  it('speak of items by their keys', () => {
    const stated = fieldsOf({ spec: { items: [{ name: 'a', x: 1 }], words: ['p'] } }, shape);

    expect(paths(stated)).toEqual([
      '.spec.items[name="a"]',
      '.spec.items[name="a"].name',
      '.spec.items[name="a"].x',
      '.spec.words[="p"]',
    ]);
  });
});

describe('an applied configuration', () => {
  const writer = (manager: string) => ({ manager, apiVersion: 'v1', time: 'now', ignores: () => false });

  it('changes nothing when it is applied again', () => {
    fc.assert(
      fc.property(value, value, (live, configuration) => {
        const once = applied([], live, configuration, shape, writer('us'));
        const twice = applied(once.owners, once.object, configuration, shape, writer('us'));
        return twice.object === once.object && equal(twice.owners, once.owners);
      }),
    );
  });

  it('takes every value back when it becomes empty', () => {
    fc.assert(
      fc.property(value, (configuration) => {
        const once = applied([], {}, configuration, shape, writer('us'));
        const gone = applied(once.owners, once.object, {}, shape, writer('us'));
        return paths(fieldsOf(gone.object, shape)).every((path) => path === '.spec');
      }),
    );
  });

  it('never touches what others own', () => {
    fc.assert(
      fc.property(value, value, (theirs, ours) => {
        const first = applied([], {}, theirs, shape, writer('them'));
        const second = applied(first.owners, first.object, ours, shape, writer('us'));
        if (second.conflicts.length > 0) return true;
        const third = applied(second.owners, second.object, {}, shape, writer('us'));
        const left = fieldsOf(third.object, shape);
        return paths(fieldsOf(theirs, shape)).every((path) => paths(left).includes(path));
      }),
    );
  });
});
