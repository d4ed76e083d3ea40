import { type Dispatcher, request } from 'undici';
import { connectionTrouble } from './connection-trouble.ts';
import type { Ways } from './proxies.ts';
import { Setback } from './setback.ts';

export interface Question {
  readonly ways: Ways;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Dispatcher.ResponseData['body'];
  /** What answered, behind all redirects. */
  readonly url: URL;
}

const redirects = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 10;

/** Asks for a file and follows redirects. Whatever else the server answers is for the caller; no answer is a Setback. */
export async function ask({ ways, url, headers = {}, signal }: Question): Promise<Answer> {
  const first = new URL(url);
  let at = first;
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    const answer = await sent(ways, at, { ...headers, ...credentials(first, at) }, signal);
    if (!redirects.has(answer.status)) return answer;
    await answer.body.dump().catch(() => undefined);
    at = target(answer);
  }
  throw wrongWay(at, `${first.host} sends from one place to the next without end`);
}

async function sent(
  ways: Ways,
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  try {
    const {
      statusCode,
      headers: told,
      body,
    } = await request(bare(url), {
      dispatcher: ways.to(url),
      headers: { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'novasphere', ...headers },
      // A small one stops and starts the connection for every packet.
      highWaterMark: 4 << 20,
      ...(signal === undefined ? {} : { signal }),
    });
    // Whoever reads the body learns of its end there; a body that ends while nobody reads is no crash of the program.
    body.on('error', () => undefined);
    return { status: statusCode, headers: told, body, url };
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    throw connectionTrouble(error, { url, proxy: ways.proxyFor(url) });
  }
}

function target({ url, headers }: Answer): URL {
  const { location } = headers;
  if (typeof location !== 'string' || !URL.canParse(location, url.href))
    throw wrongWay(url, `${url.host} sends elsewhere and does not say where`);
  const next = new URL(location, url);
  if (!/^https?:$/.test(next.protocol))
    throw wrongWay(url, `${url.host} sends to something that is no http or https URL`);
  if (url.protocol === 'https:' && next.protocol === 'http:')
    throw wrongWay(url, `${url.host} sends from https to http, where anybody could answer`);
  return next;
}

function wrongWay(url: URL, said: string): Setback {
  return new Setback({ said, url, mayPass: false });
}

/** User and password of a URL are for its own server alone. */
function credentials({ username, password, origin }: URL, at: URL): Readonly<Record<string, string>> {
  if (username === '' || at.origin !== origin) return {};
  const plain = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(plain).toString('base64')}` };
}

function bare(url: URL): URL {
  const without = new URL(url);
  without.username = '';
  without.password = '';
  return without;
}
