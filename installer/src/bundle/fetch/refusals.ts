import { STATUS_CODES } from 'node:http';
import { Setback } from './setback.ts';

/** Longer than that nobody waits because a server asks for it; milliseconds. */
const longestWait = 5 * 60_000;

interface Refused {
  readonly url: URL;
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What an answer that is no file means. */
export function refusal({ url, status, headers, now }: Refused): Setback {
  const name = STATUS_CODES[status];
  const said = `${url.host} answers ${status}${name === undefined ? '' : ` (${name})`}`;
  if (status === 401 || status === 403 || status === 407)
    return new Setback({ code: 'FETCH-DENIED', said, url, mayPass: false });
  const after = retryAfter(headers['retry-after'], now);
  const isPatient = after === undefined || after <= longestWait;
  const mayPass = isPatient && (status === 408 || status === 429 || (status >= 500 && status !== 501));
  return new Setback({
    said,
    url,
    mayPass,
    ...(after === undefined ? {} : { after }),
    ...(isPatient ? {} : impatient(after)),
  });
}

function impatient(after: number) {
  return {
    why: `it asks not to come back for ${Math.ceil(after / 60_000)} minutes`,
    remedy: ['run the same command again later: what has arrived stays'],
  } as const;
}

/** Milliseconds from the header, which holds seconds or a date. */
function retryAfter(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const until = Date.parse(header);
  return Number.isNaN(until) ? undefined : Math.max(0, until - now);
}
