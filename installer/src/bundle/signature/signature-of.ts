import type { BundleSignature } from '#ports/bundle';
import { parsePublicKey } from './public-key.ts';
import { objection, parseSignature } from './signature-file.ts';

/**
 * Who has signed an index, seen by somebody who trusts these keys (base64, or the text of minisign's file). A Fault
 * KEY-INVALID when one of them is no key: to leave it out could hide that nobody is trusted.
 * Which one is told by its place: its text could be a secret key that was taken for the public one.
 */
export function signatureOf(
  index: Uint8Array,
  signature: Uint8Array | undefined,
  trusted: readonly string[],
): BundleSignature {
  const keys = trusted.map((text, at) => parsePublicKey(text, `trusted key ${at + 1} of ${trusted.length}`));
  if (signature === undefined) return { kind: 'absent' };
  const parts = parseSignature(signature);
  if (parts === undefined) return { kind: 'forged', detail: 'it is no signature of minisign' };
  const { keyId } = parts;
  const named = keys.filter((key) => key.keyId === keyId);
  if (named.length === 0) return { kind: 'unknown', keyId };
  const objections = named.map(({ key }) => objection(index, parts, key));
  if (!objections.includes(undefined)) return { kind: 'forged', detail: objections[0] ?? '' };
  return { kind: 'trusted', keyId, comment: printable(parts.comment) };
}

/** What a terminal could take for a command is none any more. */
function printable(comment: Buffer): string {
  return comment
    .toString('utf8')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
}
