import type { Answer } from './ask.ts';

/** What `If-Range` may compare with: a strong ETag, or a date that was a minute old already. */
export function validatorOf({ headers }: Answer): string | undefined {
  const { etag, date } = headers;
  if (typeof etag === 'string' && etag.startsWith('"')) return etag;
  const modified = headers['last-modified'];
  if (typeof modified !== 'string' || typeof date !== 'string') return undefined;
  // What changes twice within a second has one date; RFC 9110, 8.8.2.2.
  return Date.parse(date) - Date.parse(modified) >= 60_000 ? modified : undefined;
}

/** Whether a 206 goes on exactly behind these bytes, of a file that is as long as it should be. */
export function goesOn({ headers }: Answer, behind: number, whole: number | undefined): boolean {
  const range = headers['content-range'];
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(typeof range === 'string' ? range : '') ?? [];
  return Number(first) === behind && (whole === undefined || total === '*' || Number(total) === whole);
}

/** Bytes that the body announces; undefined where it does not. */
export function announced({ headers }: Answer): number | undefined {
  const length = headers['content-length'];
  return typeof length === 'string' && /^\d+$/.test(length) ? Number(length) : undefined;
}

/** Bytes of the whole file, as a 206 or 200 tells; undefined where it does not. */
export function wholeSize(answer: Answer): number | undefined {
  if (answer.status !== 206) return announced(answer);
  const total = /\/(\d+)$/.exec(String(answer.headers['content-range']))?.[1];
  return total === undefined ? undefined : Number(total);
}

/** Whether one can tell the end of the body from a connection that was cut. */
export function hasEnd(answer: Answer): boolean {
  return announced(answer) !== undefined || answer.headers['transfer-encoding'] !== undefined;
}

/** A portal, a login or an error in the place of a file. */
export function isWebPage({ headers, url }: Answer): boolean {
  return String(headers['content-type'] ?? '').startsWith('text/html') && !/\.html?$/.test(url.pathname);
}
