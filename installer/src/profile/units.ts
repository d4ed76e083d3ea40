import * as z from 'zod';

/** Milliseconds, written `90s`, `10m`, `2h`. */
export type Duration = number & { readonly unit: 'milliseconds' };
/** Bytes, written `128Mi`, `2Gi`. */
export type Size = number & { readonly unit: 'bytes' };
/** An address with its prefix length, `10.7.0.10/24`. */
export type Cidr = string & { readonly unit: 'cidr' };
/** Six octets in lower case with colons. */
export type Mac = string & { readonly unit: 'mac' };

const durations = { s: 1000, m: 60_000, h: 3_600_000 } as const;
const sizes = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 } as const;

export const Duration = z
  .string()
  .regex(/^[1-9][0-9]{0,6}(s|m|h)$/, { error: 'a duration with its unit, such as 90s, 10m or 2h' })
  .transform((text) => duration(text));

export const Size = z
  .string()
  .regex(/^[1-9][0-9]{0,8}(Ki|Mi|Gi|Ti)$/, { error: 'a size with its unit, such as 128Mi or 2Gi' })
  .transform((text) => size(text));

/** `10m` → 600000. The text must have the form that the schema demands. */
export function duration(text: string): Duration {
  return (Number.parseInt(text, 10) * durations[text.slice(-1) as keyof typeof durations]) as Duration;
}

/** `128Mi` → 134217728. The text must have the form that the schema demands. */
export function size(text: string): Size {
  return (Number.parseInt(text, 10) * sizes[text.slice(-2) as keyof typeof sizes]) as Size;
}

/** 134217728 → `128 MiB`, for people. */
export function formatSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10));
  const value = bytes / 2 ** (10 * power);
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${units[power]}`;
}
