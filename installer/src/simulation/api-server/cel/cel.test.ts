import { describe, expect, it } from 'vitest';
import { CelFailure } from './cel-failure.ts';
import { compile } from './compile.ts';

import { Optional } from './optional.ts';
import { CelError } from './tokens.ts';

const disks = [
  { name: 'root', boot: true, size: '20Gi' },
  { name: 'data', size: '1Ti' },
];

describe('CEL', () => {
  it.for<[string, unknown]>([
    ['1 + 2 * 3 == 7', true],
    ['7 / 2', 3],
    ['-7 % 4', -3],
    ["'a' + 'b' in ['ab']", true],
    ['has(self.cpu) ? self.cpu : 0', 4],
    ['has(self.memory)', false],
    ['size(self.disks) + self.name.size()', 6],
    ['self.disks.filter(d, has(d.boot) && d.boot).size() <= 1', true],
    ["self.disks.exists(d, d.name == 'data')", true],
    ['self.disks.exists_one(d, has(d.boot))', true],
    ["self.disks.all(d, quantity(d.size).isGreaterThan(quantity('0')))", true],
    ['self.disks.map(d, d.name)', ['root', 'data']],
    ['self.disks.map(d, !has(d.boot), d.name)', ['data']],
    ["self.labels.all(k, k.startsWith('a'))", true],
    ["'x' in self.labels", false],
    ["self.labels['a/b'] == 'c'", true],
    ["self.name.matches('^[a-z]{4}$')", true],
    [String.raw`self.name.matches('^\\w+$')`, true],
    [String.raw`'a.b'.matches(r'a\.b')`, true],
    ["isQuantity('4000000K')", false],
    ["quantity('1.5Gi').compareTo(quantity('1536Mi')) == 0", true],
    ["isIP('10.0.0.1') && !isIP('10.0.0.256')", true],
    ["isCIDR('10.0.0.0/8') && cidr('10.0.0.0/8').containsIP(ip('10.2.3.4'))", true],
    ["cidr('fd00::/8').containsIP('fd00::1')", true],
    ["isIP('::ffff:10.0.0.1') || isIP('::ffff:a00:1') || isIP('10.0.0.01') || isIP('10.0.0.0/8')", false],
    ["cidr('64:ff9b::/96').containsIP('64:ff9b::10.0.0.1')", true],
    ["isCIDR('10.0.0.1/33') || isCIDR('10.0.0.1') || isCIDR('10.0.0.1/08')", false],
    ["[cidr('10.1.2.3/24').prefixLength(), cidr('10.1.2.3/24').ip().family(), ip('fd00::1').family()]", [24, 4, 6]],
    ["cidr('10.1.2.3/24').containsIP(cidr('10.1.2.9/32').ip())", true],
    ["cidr('10.0.0.0/8').containsCIDR('10.2.0.0/16') && !cidr('10.0.0.0/8').containsCIDR(cidr('0.0.0.0/0'))", true],
    ["'10.0.0.1'.split('.').map(part, int(part))", [10, 0, 0, 1]],
    ["'AB'.lowerAscii()", 'ab'],
    ["int('42') - 2 > 39", true],
    ['self.optional == null', true],
    ['{"a": 1}["a"]', 1],
    ['false && self.missing', false],
    ['self.missing || true', true],
  ])('%s', ([source, expected]) => {
    const self = { name: 'test', cpu: 4, disks, labels: { 'a/b': 'c' }, optional: null };

    expect(compile(source)({ self })).toEqual(expected);
  });

  it('fails on a field that is not there', () => {
    expect(() => compile('self.a.b')({ self: {} })).toThrow(new CelFailure('no such key: a'));
  });

  it('compares with before', () => {
    const rule = compile('quantity(self.size).compareTo(quantity(oldSelf.size)) >= 0');

    expect([
      rule({ self: { size: '2Gi' }, oldSelf: { size: '1Gi' } }),
      rule({ self: { size: '1Gi' }, oldSelf: { size: '2Gi' } }),
    ]).toEqual([true, false]);
  });

  it('knows a value that may be absent', () => {
    const rule = compile('oldSelf.hasValue() ? oldSelf.value().size() : oldSelf.orValue([1]).size()');

    expect([rule({ oldSelf: new Optional('abc') }), rule({ oldSelf: new Optional(undefined) })]).toEqual([3, 1]);
    expect(() => compile('oldSelf.value()')({ oldSelf: new Optional(undefined) })).toThrow(
      new CelFailure('optional.none() dereference'),
    );
    expect(() => compile('self.hasValue()')({ self: 'abc' })).toThrow(CelFailure);
  });

  it('reads escaped field names as Kubernetes writes them', () => {
    expect(compile('self.__namespace__ == self.a__dash__b')({ self: { namespace: 'x', 'a-b': 'x' } })).toBe(true);
  });

  it.for(['self.x ==', 'format.qualifiedName()', 'unheard(1)', 'self.a(b', '1 === 2', "'open"])(
    'says that it cannot read %s',
    (source) => {
      expect(() => compile(source)).toThrow(CelError);
    },
  );
});
