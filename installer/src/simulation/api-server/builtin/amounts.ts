import type { Json } from '#kube/json';
import { Quantity } from '#kube/quantity';
import { Undecodable } from '../decode.ts';
import { isRecord } from '../values.ts';

const decimal: readonly (readonly [suffix: string, power: number])[] = [
  ['E', 18],
  ['P', 15],
  ['T', 12],
  ['G', 9],
  ['M', 6],
  ['k', 3],
  ['', 0],
  ['m', -3],
  ['u', -6],
  ['n', -9],
];
const binary = ['Ei', 'Pi', 'Ti', 'Gi', 'Mi', 'Ki'] as const;
const places = 18;

/** A quantity as the API server writes it: the largest unit in which it is a whole number. */
export function amount(value: Json): Json {
  const text = String(value);
  const read = typeof value === 'string' || typeof value === 'number' ? Quantity.read(text) : undefined;
  if (read === undefined)
    throw new Undecodable(
      `quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
    );
  if (read.value === 0n) return '0';
  if (/[eE][+-]?\d/.test(text)) return text;
  return (text.endsWith('i') ? inBinary(read) : undefined) ?? inDecimal(read.value);
}

function inBinary(quantity: Quantity): string | undefined {
  if (!quantity.isInteger) return undefined;
  const whole = quantity.value / 10n ** BigInt(places);
  for (const [index, suffix] of binary.entries()) {
    const unit = 1024n ** BigInt(binary.length - index);
    if (whole % unit === 0n) return `${whole / unit}${suffix}`;
  }
  return undefined;
}

function inDecimal(value: bigint): string {
  for (const [suffix, power] of decimal) {
    const unit = 10n ** BigInt(places + power);
    if (value % unit === 0n) return `${value / unit}${suffix}`;
  }
  return `${value / 10n ** 9n}n`;
}

/** A map of quantities; the same map when all of them are written so already. */
export function amounts(map: Json): Json {
  if (!isRecord(map)) return map;
  const next = Object.fromEntries(Object.entries(map).map(([key, value]) => [key, amount(value)]));
  return Object.keys(map).every((key) => next[key] === map[key]) ? map : next;
}
