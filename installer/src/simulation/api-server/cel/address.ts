import { isIP } from 'node:net';

/** An IP address, as the CEL type of Kubernetes. */
export class Address {
  readonly text: string;
  readonly bits: bigint;
  readonly family: 4 | 6;

  constructor(text: string, family: 4 | 6) {
    this.text = text;
    this.family = family;
    this.bits = family === 4 ? bitsOf4(text) : bitsOf6(text);
  }

  /** Undefined for what Kubernetes does not take: zones, and IPv4 in IPv6 however it is written. */
  static read(text: string): Address | undefined {
    const family = isIP(text);
    if (family === 0 || text.includes('%')) return undefined;
    const address = new Address(text, family as 4 | 6);
    return family === 6 && address.bits >> 32n === 0xffffn ? undefined : address;
  }
}

/** A network in CIDR notation. */
export class Cidr {
  readonly address: Address;
  readonly prefix: number;

  constructor(address: Address, prefix: number) {
    this.address = address;
    this.prefix = prefix;
  }

  static read(text: string): Cidr | undefined {
    const [, host = '', prefix = ''] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
    const address = Address.read(host);
    if (address === undefined || Number(prefix) > width(address)) return undefined;
    return new Cidr(address, Number(prefix));
  }

  holds(address: Address): boolean {
    if (address.family !== this.address.family) return false;
    const shift = BigInt(width(address) - this.prefix);
    return address.bits >> shift === this.address.bits >> shift;
  }

  holdsAll(other: Cidr): boolean {
    return other.prefix >= this.prefix && this.holds(other.address);
  }
}

function width({ family }: Address): number {
  return family === 4 ? 32 : 128;
}

function bitsOf4(text: string): bigint {
  return text.split('.').reduce((bits, part) => (bits << 8n) | BigInt(part), 0n);
}

function bitsOf6(text: string): bigint {
  const [head = '', tail] = inGroups(text).split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [front, back] = [groups(head), groups(tail ?? '')];
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => '0');
  return [...front, ...zeros, ...back].reduce((bits, part) => (bits << 16n) | BigInt(`0x${part}`), 0n);
}

/** The last two groups may be written as IPv4. */
function inGroups(text: string): string {
  return text.replace(/[\d.]+\.\d+$/, (four) => {
    const bits = bitsOf4(four);
    return `${(bits >> 16n).toString(16)}:${(bits & 0xffffn).toString(16)}`;
  });
}
