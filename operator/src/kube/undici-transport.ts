import { Agent, type Dispatcher, ProxyAgent, request as send } from 'undici';
import type { Json } from './json.ts';
import type { Credentials, ServerAccess } from './server-access.ts';
import type { Query, Request, Response, Transport, WatchEvent } from './transport.ts';
import { decodeWatch } from './watch-lines.ts';

export interface UndiciTransportOptions {
  /** Milliseconds after which a request without an answer is given up. Default: 30 s. */
  readonly deadline?: number;
}

export interface ClosableTransport extends Transport {
  /** Closes the connections; requests under way are broken off. */
  close(): Promise<void>;
}

/** The real transport: one keep-alive agent for all requests and watches of a server. */
export function undiciTransport(access: ServerAccess, options: UndiciTransportOptions = {}): ClosableTransport {
  return new UndiciTransport(access, options);
}

class UndiciTransport implements ClosableTransport {
  readonly #access: ServerAccess;
  readonly #deadline: number;
  #agent: { readonly dispatcher: Dispatcher; readonly print: string } | undefined;

  constructor(access: ServerAccess, { deadline = 30_000 }: UndiciTransportOptions) {
    this.#access = access;
    this.#deadline = deadline;
  }

  async request(request: Request): Promise<Response> {
    const deadline = AbortSignal.timeout(this.#deadline);
    const signal = request.signal === undefined ? deadline : AbortSignal.any([request.signal, deadline]);
    const answer = await this.#send(request, { signal, bodyTimeout: this.#deadline });
    const text = await answer.body.text();
    const after = Number(answer.headers['retry-after']);
    return {
      status: answer.statusCode,
      body: isJson(answer) && text !== '' ? JSON.parse(text) : text,
      ...(Number.isFinite(after) && after > 0 ? { retryAfter: after } : {}),
    };
  }

  async *watch(path: string, query: Query, signal: AbortSignal): AsyncIterable<WatchEvent> {
    try {
      const request: Request = { method: 'GET', path, query: { ...query, watch: 'true' } };
      const answer = await this.#send(request, { signal, bodyTimeout: 0 });
      if (answer.statusCode !== 200) yield { type: 'ERROR', object: await failure(answer) };
      else yield* decodeWatch(answer.body);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async close(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    await agent?.dispatcher.destroy();
  }

  async #send(request: Request, timing: Timing): Promise<Dispatcher.ResponseData> {
    const answer = await this.#sendWith(await this.#access.current(), request, timing);
    if (answer.statusCode !== 401) return answer;
    // A token may have been rotated since it was read.
    await answer.body.dump();
    return this.#sendWith(await this.#access.current(true), request, timing);
  }

  #sendWith(credentials: Credentials, request: Request, timing: Timing): Promise<Dispatcher.ResponseData> {
    const url = new URL(credentials.server.replace(/\/$/, '') + request.path);
    for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
    const hasBody = request.body !== undefined;
    return send(url, {
      method: request.method,
      headers: {
        accept: 'application/json',
        ...credentials.headers,
        ...(hasBody ? { 'content-type': request.contentType ?? 'application/json' } : {}),
      },
      ...(hasBody ? { body: JSON.stringify(request.body) } : {}),
      dispatcher: this.#dispatcher(credentials),
      headersTimeout: this.#deadline,
      ...timing,
    });
  }

  /** The agent for these credentials; new certificates need new connections. */
  #dispatcher({ tls, proxy, server }: Credentials): Dispatcher {
    const print = JSON.stringify([server, proxy, tls]);
    if (this.#agent?.print === print) return this.#agent.dispatcher;
    void this.#agent?.dispatcher.close();
    const connect = { ...tls, timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 };
    const options = { connect, pipelining: 1, keepAliveTimeout: 30_000, allowH2: false };
    const dispatcher =
      proxy === undefined ? new Agent(options) : new ProxyAgent({ ...options, uri: proxy, requestTls: { ...tls } });
    this.#agent = { dispatcher, print };
    return dispatcher;
  }
}

interface Timing {
  readonly signal: AbortSignal;
  readonly bodyTimeout: number;
}

function isJson({ headers }: Dispatcher.ResponseData): boolean {
  return String(headers['content-type'] ?? '').includes('json');
}

/** The Status of a watch that was refused, as its one event. */
async function failure(answer: Dispatcher.ResponseData): Promise<Json> {
  const text = await answer.body.text();
  const code = answer.statusCode;
  if (!isJson(answer))
    return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, message: text.slice(0, 500) };
  return { code, ...JSON.parse(text) };
}
