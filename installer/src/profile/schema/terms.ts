/** The words that all sections of the profile share: names, addresses, paths, secrets. Errors are noun phrases: what would be right. */
import * as z from 'zod';
import type { SecretSource } from '../secret.ts';
import type { Cidr, Mac } from '../units.ts';

export const name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, { error: 'a name of lower-case letters, digits and hyphens' });

export const interfaceName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,14}$/, { error: 'an interface name of at most 15 characters' });

/** Kept as written: `10.7.0.10/24`. */
export const cidr = z
  .cidrv4({ error: 'an IPv4 address with its prefix length, such as 10.7.0.10/24' })
  .transform((text) => text as Cidr);

export const address = z.ipv4({ error: 'an IPv4 address such as 10.7.0.1' });

export const mac = z
  .string()
  .regex(/^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/, { error: 'a MAC address such as 3c:ec:ef:00:00:01' })
  .transform((text) => text.toLowerCase() as Mac);

/** A DNS name or an IPv4 address. */
export const hostname = z
  .string()
  .regex(/^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/, { error: 'a host name or an address' });

export const path = z
  .string()
  .regex(/^\/[A-Za-z0-9._/@+-]*$/, { error: 'an absolute path of letters, digits, dots, hyphens and underscores' });

export const url = z.url({
  protocol: /^https?$/,
  error: 'a URL that starts with http:// or https://',
});

/** One line of text without control characters. */
export const line = z.string().regex(/^[^\p{Cc}]+$/u, { error: 'one line of text' });

/** How a device names itself. YAML reads `0x5002538f` and `0123` as numbers: then it is taken as it is written. */
export const identity = z.string().regex(/^\S(.*\S)?$/, { error: 'text without spaces at its ends' });

export const mtu = z.int().min(576).max(9216);

export const secret = z.union([
  z.strictObject({
    fromFile: line.meta({
      description: 'A file that holds the secret and nothing else; only its owner may read it.',
      examples: ['/etc/novasphere/secrets/k3s-token'],
    }),
  }),
  z.strictObject({
    fromEnv: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: 'the name of an environment variable' })
      .meta({ description: 'An environment variable that holds the secret.', examples: ['NOVASPHERE_K3S_TOKEN'] }),
  }),
]) satisfies z.ZodType<SecretSource>;
