import { createHash } from 'node:crypto';

type Block = 'CERTIFICATE' | 'PRIVATE KEY' | 'CERTIFICATE REQUEST';

/** PEM of the right shape without any meaning inside: enough for whoever looks for a certificate, of no use to anybody else. */
export function certificate(subject: string, block: Block = 'CERTIFICATE'): string {
  const words = Array.from({ length: 12 }, (_, line) =>
    createHash('sha384').update(`${block} ${subject} ${line}`).digest('base64'),
  );
  return [`-----BEGIN ${block}-----`, ...words, `-----END ${block}-----`, ''].join('\n');
}
