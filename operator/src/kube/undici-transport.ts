import { Agent, type Dispatcher, ProxyAgent, request as send } from 'undici';
import type { Json } from './json.ts';
import type { Credentials, ServerAccess, Tls } from './server-access.ts';
import type { Query, Request, Response, Transport, WatchEvent, WatchOptions } from './transport.ts';
import { decodeWatch } from './watch-lines.ts';
import { isWebPage, refuseWebPage } from './web-page.ts';

export interface UndiciTransportOptions {
  /** Milliseconds after which a look without an answer is given up; a change gets twice that. Default: 30 s. */
  readonly deadline?: number;
}

export interface ClosableTransport extends Transport {
  /** Closes the connections; what is under way is broken off, and what is asked afterwards rejects. */
  close(): Promise<void>;
}

/** The real transport: one keep-alive agent for all requests and watches of a server. */
export function undiciTransport(access: ServerAccess, options: UndiciTransportOptions = {}): ClosableTransport {
  return new UndiciTransport(access, options);
}

class UndiciTransport implements ClosableTransport {
  readonly #access: ServerAccess;
  readonly #deadline: number;
  readonly #closing = new AbortController();
  #agent: { readonly dispatcher: Dispatcher; readonly made: Credentials } | undefined;

  constructor(access: ServerAccess, { deadline = 30_000 }: UndiciTransportOptions) {
    this.#access = access;
    this.#deadline = deadline;
  }

  async request(request: Request): Promise<Response> {
    // Admission webhooks of others may take half a minute of a change; who only looks does not meet them.
    const limit = request.method === 'GET' ? this.#deadline : 2 * this.#deadline;
    const deadline = AbortSignal.timeout(limit);
    const signal = AbortSignal.any([deadline, this.#closing.signal, ...(request.signal ? [request.signal] : [])]);
    try {
      const answer = await this.#send(request, { signal, headersTimeout: limit, bodyTimeout: limit });
      const text = await answer.body.text();
      refuseWebPage(request, answer, text);
      const after = retryAfter(answer);
      return {
        status: answer.statusCode,
        body: isJson(answer) && text !== '' ? parsed(request, text) : text,
        ...(after === undefined ? {} : { retryAfter: after }),
      };
    } catch (error) {
      throw error === deadline.reason ? late(request, limit) : error;
    }
  }

  async *watch(
    path: string,
    query: Query,
    signal: AbortSignal,
    { accept, onOpen }: WatchOptions = {},
  ): AsyncIterable<WatchEvent> {
    const either = AbortSignal.any([signal, this.#closing.signal]);
    try {
      const shape = accept === undefined ? {} : { accept };
      const request: Request = { method: 'GET', path, query: { ...query, watch: 'true' }, ...shape };
      const timing = { signal: either, headersTimeout: this.#deadline, bodyTimeout: 0 };
      const answer = await this.#send(request, timing);
      if (answer.statusCode !== 200 || isWebPage(answer)) {
        yield { type: 'ERROR', object: await failure(request, answer) };
        return;
      }
      onOpen?.();
      yield* decodeWatch(answer.body);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('this transport was closed'));
    const agent = this.#agent;
    this.#agent = undefined;
    await agent?.dispatcher.destroy();
  }

  async #send(request: Request, timing: Timing): Promise<Dispatcher.ResponseData> {
    this.#closing.signal.throwIfAborted();
    const answer = await this.#sendWith(await this.#access.current(), request, timing);
    if (answer.statusCode !== 401) return answer;
    // A token may have been rotated since it was read.
    await answer.body.dump();
    return this.#sendWith(await this.#access.current(true), request, timing);
  }

  async #sendWith(credentials: Credentials, request: Request, timing: Timing): Promise<Dispatcher.ResponseData> {
    const url = new URL(credentials.server.replace(/\/$/, '') + request.path);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const hasBody = request.body !== undefined;
    const answer = await send(url, {
      method: request.method,
      headers: {
        accept: request.accept ?? 'application/json',
        ...credentials.headers,
        ...(hasBody ? { 'content-type': request.contentType ?? 'application/json' } : {}),
      },
      ...(hasBody ? { body: JSON.stringify(request.body) } : {}),
      dispatcher: this.#dispatcher(credentials),
      ...timing,
    });
    // Whoever reads the body learns of its end there; a stream that ends while nobody reads is no crash of the program.
    answer.body.on('error', () => undefined);
    return answer;
  }

  /** The agent for these credentials; new certificates need new connections. */
  #dispatcher(credentials: Credentials): Dispatcher {
    if (this.#agent !== undefined && isSameWay(this.#agent.made, credentials)) return this.#agent.dispatcher;
    void this.#agent?.dispatcher.close();
    this.#agent = { dispatcher: dispatcherFor(credentials), made: credentials };
    return this.#agent.dispatcher;
  }
}

/** One connection for each watch and HTTP/1.1 on all of them: a stream that breaks takes nothing else with it. */
const connecting = { timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000, allowH2: false };

function dispatcherFor({ tls, proxy }: Credentials): Dispatcher {
  const options = { pipelining: 1, keepAliveTimeout: 30_000, allowH2: false };
  if (proxy === undefined) return new Agent({ ...options, connect: { ...connecting, ...tls } });
  const requestTls = { ...connecting, ...tls };
  return new ProxyAgent({ ...options, uri: proxy, requestTls, proxyTls: connecting, connectTimeout: 10_000 });
}

/** Whether the same connections serve: another token is only another header. */
function isSameWay(one: Credentials, other: Credentials): boolean {
  return one.server === other.server && one.proxy === other.proxy && isSameTls(one.tls, other.tls);
}

function isSameTls(one: Tls, other: Tls): boolean {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]) as ReadonlySet<keyof Tls>;
  return [...fields].every((field) => {
    const [first, second] = [one[field], other[field]];
    return first === second || (Buffer.isBuffer(first) && Buffer.isBuffer(second) && first.equals(second));
  });
}

/** What a request that was not answered in time ends with; its code is that of a network that swallows everything. */
function late({ method, path }: Request, milliseconds: number): Error {
  const message = `no answer to ${method} ${path} within ${milliseconds / 1000} s`;
  return Object.assign(new Error(message), { code: 'ETIMEDOUT' });
}

interface Timing {
  readonly signal: AbortSignal;
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
}

/** Seconds; a date, which the header may hold as well, is no number and left out. */
function retryAfter({ headers }: Dispatcher.ResponseData): number | undefined {
  const after = Number(headers['retry-after']);
  return Number.isFinite(after) && after > 0 ? after : undefined;
}

function isJson({ headers }: Dispatcher.ResponseData): boolean {
  return String(headers['content-type'] ?? '').includes('json');
}

function parsed({ method, path }: Request, text: string): Json {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`the answer to ${method} ${path} is no JSON: ${text.slice(0, 80)}`, { cause });
  }
}

/** The Status of a watch that was refused, as its one event. */
async function failure(request: Request, answer: Dispatcher.ResponseData): Promise<Json> {
  const text = await answer.body.text();
  refuseWebPage(request, answer, text);
  const code = answer.statusCode;
  const after = retryAfter(answer);
  const details = after === undefined ? {} : { retryAfterSeconds: after };
  if (!isJson(answer))
    return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: text.slice(0, 500), details };
  const body: Json = JSON.parse(text);
  return { code, ...body, details: { ...details, ...body.details } };
}
