const suffixes: Readonly<Record<string, readonly [base: bigint, power: bigint]>> = {
  n: [10n, -9n],
  u: [10n, -6n],
  m: [10n, -3n],
  '': [10n, 0n],
  k: [10n, 3n],
  M: [10n, 6n],
  G: [10n, 9n],
  T: [10n, 12n],
  P: [10n, 15n],
  E: [10n, 18n],
  Ki: [2n, 10n],
  Mi: [2n, 20n],
  Gi: [2n, 30n],
  Ti: [2n, 40n],
  Pi: [2n, 50n],
  Ei: [2n, 60n],
};

const pattern = /^([+-]?)(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+)|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/;
/** Places behind the point that are kept. */
const places = 18n;

/** A Kubernetes quantity, exactly, in units of 10⁻¹⁸. */
export class Quantity {
  readonly value: bigint;

  constructor(value: bigint) {
    this.value = value;
  }

  /** Undefined for a text that is no quantity: `1K`, `2 Gi`. */
  static read(text: string): Quantity | undefined {
    const [, sign, number = '', exponent, suffix = ''] = pattern.exec(text) ?? [];
    if (sign === undefined) return undefined;
    const [base, power] = exponent === undefined ? (suffixes[suffix] ?? [10n, 0n]) : ([10n, BigInt(exponent)] as const);
    const [whole = '', part = ''] = number.split('.');
    const digits = BigInt(`${whole}${part}` || '0') * 10n ** places;
    const scaled = power >= 0n ? digits * base ** power : digits / base ** -power;
    const value = scaled / 10n ** BigInt(part.length);
    return new Quantity(sign === '-' ? -value : value);
  }

  compare(other: Quantity): number {
    return this.value === other.value ? 0 : this.value < other.value ? -1 : 1;
  }

  /** As near as a number comes: `250m` is 0.25. */
  get asNumber(): number {
    return Number(this.value) / Number(10n ** places);
  }

  get isInteger(): boolean {
    return this.value % 10n ** places === 0n;
  }

  get asInteger(): number {
    return Number(this.value / 10n ** places);
  }
}

/** Whether two values are quantities of the same amount: `1000m` and `1`, `1Gi` and `1024Mi`. */
export function sameQuantity(one: unknown, other: unknown): boolean {
  const [first, second] = [Quantity.read(String(one)), Quantity.read(String(other))];
  return first !== undefined && second !== undefined && first.compare(second) === 0;
}
