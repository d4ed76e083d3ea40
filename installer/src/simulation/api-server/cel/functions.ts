import type { Json } from '#kube/json';
import { Quantity } from '#kube/quantity';
import { Address, Cidr } from './address.ts';
import { CelFailure } from './cel-failure.ts';
import { Optional } from './optional.ts';
import { CelError } from './tokens.ts';

type Call = (...values: Json[]) => Json;

function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new CelFailure(what);
  return value;
}

function size(value: Json): number {
  if (typeof value === 'string') return Array.from(value).length;
  if (Array.isArray(value)) return value.length;
  if (value !== null && typeof value === 'object') return Object.keys(value).length;
  throw new CelFailure('no such overload: size');
}

const quantity = (text: Json) =>
  must(Quantity.read(String(text)), `quantities must match the regular expression: ${text}`);
const address = (text: Json) => must(Address.read(String(text)), `IP Address '${text}' parse error`);
const network = (text: Json) => must(Cidr.read(String(text)), `network address parse error: ${text}`);

/** Functions that are called by themselves: `size(x)`. */
export const functions: Readonly<Record<string, Call>> = {
  size,
  int: (value) => {
    if (typeof value === 'number') return Math.trunc(value);
    if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value);
    throw new CelFailure(`cannot make an int of ${JSON.stringify(value)}`);
  },
  double: Number,
  string: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
  quantity,
  isQuantity: (text) => typeof text === 'string' && Quantity.read(text) !== undefined,
  ip: address,
  isIP: (text) => typeof text === 'string' && Address.read(text) !== undefined,
  cidr: network,
  isCIDR: (text) => typeof text === 'string' && Cidr.read(text) !== undefined,
  type: (value) => (value === null ? 'null_type' : Array.isArray(value) ? 'list' : typeof value),
};

const asQuantity = (value: Json): Quantity => {
  if (value instanceof Quantity) return value;
  throw new CelFailure('a quantity was expected');
};
const asOptional = (value: Json): Optional => {
  if (value instanceof Optional) return value;
  throw new CelFailure('no such overload: an optional value was expected');
};
const asText = (value: Json): string => {
  if (typeof value === 'string') return value;
  throw new CelFailure('no such overload: a string was expected');
};

/** Functions that are called on a value: `x.matches(y)`. */
export const methods: Readonly<Record<string, Call>> = {
  size,
  matches: (text, pattern) => new RegExp(asText(pattern).replaceAll('(?P<', '(?<')).test(asText(text)),
  startsWith: (text, part) => asText(text).startsWith(asText(part)),
  endsWith: (text, part) => asText(text).endsWith(asText(part)),
  contains: (text, part) => asText(text).includes(asText(part)),
  split: (text, by) => asText(text).split(asText(by)),
  join: (list, by = '') => list.join(by),
  lowerAscii: (text) => asText(text).toLowerCase(),
  upperAscii: (text) => asText(text).toUpperCase(),
  trim: (text) => asText(text).trim(),
  replace: (text, from, to) => asText(text).replaceAll(asText(from), asText(to)),
  substring: (text, from, to) => asText(text).substring(from, to),
  indexOf: (where, what) => where.indexOf(what),
  lastIndexOf: (where, what) => where.lastIndexOf(what),
  isSorted: (list) => list.every((item: Json, index: number) => index === 0 || list[index - 1] <= item),
  sum: (list) => list.reduce((all: number, one: number) => all + one, 0),
  min: (list) => list.reduce((all: Json, one: Json) => (one < all ? one : all)),
  max: (list) => list.reduce((all: Json, one: Json) => (one > all ? one : all)),
  compareTo: (one, other) => asQuantity(one).compare(asQuantity(other)),
  isGreaterThan: (one, other) => asQuantity(one).compare(asQuantity(other)) > 0,
  isLessThan: (one, other) => asQuantity(one).compare(asQuantity(other)) < 0,
  isInteger: (one) => asQuantity(one).isInteger,
  asInteger: (one) => asQuantity(one).asInteger,
  sign: (one) => asQuantity(one).compare(new Quantity(0n)),
  add: (one, other) =>
    new Quantity(asQuantity(one).value + asQuantity(typeof other === 'number' ? quantity(other) : other).value),
  sub: (one, other) =>
    new Quantity(asQuantity(one).value - asQuantity(typeof other === 'number' ? quantity(other) : other).value),
  family: (one: Address) => one.family,
  containsIP: (net: Cidr, one) => net.holds(one instanceof Address ? one : address(one)),
  containsCIDR: (net: Cidr, other) => net.holdsAll(other instanceof Cidr ? other : network(other)),
  prefixLength: (net: Cidr) => net.prefix,
  ip: (net: Cidr) => net.address,
  hasValue: (value) => asOptional(value).hasValue,
  value: (value) => asOptional(value).value,
  orValue: (value, other) => asOptional(value).orValue(other),
};

export function known(name: string, on: boolean): Call {
  const found = (on ? methods : functions)[name];
  if (found === undefined) throw new CelError(`${on ? `.${name}()` : `${name}()`} is not a function that it knows`);
  return found;
}
