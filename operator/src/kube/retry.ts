import type { KubeClock } from './clock.ts';
import type { Json } from './json.ts';
import type { Request, Response, Transport } from './transport.ts';

export interface Patience {
  readonly sleep: KubeClock['sleep'];
  /** A number in [0, 1). */
  readonly random: () => number;
  /** How often a request is sent, or else as often as fits into `span`. */
  readonly attempts: number;
  /** Milliseconds that a busy server is waited for at least. Default: 0, attempts alone count. */
  readonly span?: number;
}

/** Statuses by which a server asks for patience: it has not done anything. */
const passing = new Set([429, 503]);
/** Statuses after which what may be repeated is simply tried again. */
const broken = new Set([500, 502, 504]);
const longest = 30_000;

/** Sends a request; where the server is busy, waits as long as it asks (or with growing pauses) and sends it again. */
export async function requestPatiently(transport: Transport, request: Request, patience: Patience): Promise<Response> {
  const { attempts, span = 0, sleep, random } = patience;
  let over = 0;
  for (let times = 1; ; times++) {
    const response = await transport.request(request);
    if (!mayRepeat(request, response)) return response;
    if (times >= attempts && over >= span) return { ...response, tried: { times, over } };
    const wait = pause(response, times, random);
    await sleep(wait, request.signal);
    over += wait;
  }
}

function mayRepeat(request: Request, { status, body }: Response): boolean {
  // An eviction that a disruption budget forbids is an answer, not an overload.
  if (status === 429 && request.path.endsWith('/eviction')) return false;
  if (passing.has(status)) return true;
  return broken.has(status) && isIdempotent(request) && !isWebhook(body) && !isDefect(messageOf(body));
}

/** Whether an error of the server is one of the manifest: it cannot be read as its kind, now or later. */
export function isDefect(message: string): boolean {
  return /^failed to (create typed patch object|convert new object)\b/.test(message);
}

function messageOf(body: Json): string {
  return typeof body?.message === 'string' ? body.message : '';
}

/** Whether doing it twice is the same as doing it once. */
function isIdempotent({ method, contentType }: Request): boolean {
  return method === 'GET' || method === 'DELETE' || contentType === 'application/apply-patch+yaml';
}

function isWebhook(body: unknown): boolean {
  return JSON.stringify(body ?? '').includes('failed calling webhook');
}

function pause({ retryAfter }: Response, attempt: number, random: () => number): number {
  if (retryAfter !== undefined) return Math.min(retryAfter * 1000, longest);
  const most = Math.min(500 * 2 ** (attempt - 1), longest);
  return most / 2 + (random() * most) / 2;
}
