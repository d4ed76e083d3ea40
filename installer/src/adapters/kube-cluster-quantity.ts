import type { Json } from '#kube/json';

const binary = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
/** Nanos: the smallest part of a quantity that Kubernetes keeps. */
const scale = 9;

/** Whether two Kubernetes quantities are the same amount: `1000m` and `1`, `1Gi` and `1024Mi`. */
export function sameQuantity(one: Json, other: Json): boolean {
  const [first, second] = [nanos(one), nanos(other)];
  return first !== undefined && first === second;
}

/** The amount in billionths; undefined for what is no quantity, or finer than that. */
function nanos(value: Json): bigint | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const [, digits = '', fraction = '', suffix = ''] =
    /^(\d+)(?:\.(\d+))?([numkMGTPE]|[KMGTPE]i|e-?\d{1,2})?$/.exec(String(value)) ?? [];
  if (digits === '') return undefined;
  const whole = BigInt(digits + fraction);
  const power = suffix.endsWith('i') ? 0 : exponent(suffix);
  const amount = suffix.endsWith('i') ? whole * 1024n ** BigInt(binary.indexOf(suffix)) : whole;
  const shift = scale + power - fraction.length;
  if (shift >= 0) return amount * 10n ** BigInt(shift);
  const part = 10n ** BigInt(-shift);
  return amount % part === 0n ? amount / part : undefined;
}

function exponent(suffix: string): number {
  return suffix.startsWith('e') ? Number(suffix.slice(1)) : (decimal[suffix] ?? 0);
}
