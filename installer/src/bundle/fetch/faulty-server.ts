import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** How a server of the tests answers one request. Bytes count from the beginning of what it sends then. */
export type Trick =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'cut' | 'stall' | 'short'; readonly after: number }
  | {
      readonly kind: 'wrong' | 'long' | 'chunked' | 'ignore-range' | 'silent' | 'cut-before' | 'closed-end' | 'endless';
    }
  | { readonly kind: 'other'; readonly content: Buffer; readonly etag?: string }
  | { readonly kind: 'page' };

export interface Seen {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

interface Site {
  readonly origin: string;
  /** What was asked for, in order. */
  readonly seen: readonly Seen[];
  /** Bytes of bodies that were handed over since the last time that somebody asked. */
  sent(): number;
  /** How the next requests are answered; behind them it is a sound server. */
  play(...tricks: readonly Trick[]): void;
  /** Forgets what was to be played, and what was sent. */
  calm(): void;
  close(): Promise<void>;
}

interface Options {
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly validator?: 'etag' | 'date' | 'none';
}

/** A file server with ranges, which does what it is told wrong. */
export async function faultyServer(content: Buffer, { tls, validator = 'etag' }: Options = {}): Promise<Site> {
  const seen: Seen[] = [];
  const tricks: Trick[] = [];
  let sent = 0;
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    seen.push({ path: request.url ?? '', headers: request.headers });
    const count = (bytes: number) => {
      sent += bytes;
    };
    answer({ request, response, content, validator, count }, tricks.shift());
  };
  const server = tls === undefined ? createServer(handle) : createTlsServer(tls, handle);
  const port = await listening(server);
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    seen,
    sent() {
      const all = sent;
      sent = 0;
      return all;
    },
    play: (...more) => void tricks.push(...more),
    calm() {
      tricks.length = 0;
      sent = 0;
    },
    close: () => closed(server),
  };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly content: Buffer;
  readonly validator: 'etag' | 'date' | 'none';
  readonly count: (bytes: number) => void;
}

function answer(exchange: Exchange, trick: Trick | undefined): void {
  const { request, response } = exchange;
  if (trick?.kind === 'silent') return;
  if (trick?.kind === 'cut-before') request.socket.destroy();
  else if (trick?.kind === 'status') response.writeHead(trick.status, trick.headers).end('no file');
  else if (trick?.kind === 'page') response.writeHead(200, { 'content-type': 'text/html' }).end('<html>log in</html>');
  else send(exchange, trick);
}

function send(exchange: Exchange, trick: Trick | undefined): void {
  const { request, response, content, validator } = exchange;
  const whole = trick?.kind === 'other' ? trick.content : content;
  const etag = trick?.kind === 'other' ? (trick.etag ?? '"two"') : '"one"';
  const start = trick?.kind === 'ignore-range' ? 0 : startOf(request, { validator, etag });
  if (start >= whole.length && start > 0) {
    response.writeHead(416, { 'content-range': `bytes */${whole.length}` }).end();
    return;
  }
  const body = spoilt(whole.subarray(start), trick);
  response.writeHead(start === 0 ? 200 : 206, {
    ...(validator === 'etag' ? { etag } : {}),
    ...(validator === 'date' ? { 'last-modified': 'Fri, 20 Nov 2026 06:00:00 GMT' } : {}),
    ...(start === 0 ? {} : { 'content-range': `bytes ${start}-${whole.length - 1}/${whole.length}` }),
    ...lengthOf(body, trick),
  });
  pour(exchange, body, trick);
}

function lengthOf(body: Buffer, trick: Trick | undefined): Record<string, string> {
  if (trick?.kind === 'chunked' || trick?.kind === 'endless') return {};
  if (trick?.kind === 'closed-end') return { connection: 'close', 'transfer-encoding': 'identity' };
  return { 'content-length': String(body.length) };
}

function startOf({ headers }: IncomingMessage, { validator, etag }: { validator: string; etag: string }): number {
  const [, start] = /^bytes=(\d+)-$/.exec(headers.range ?? '') ?? [];
  const condition = headers['if-range'];
  const isSame = condition === undefined || (validator === 'etag' ? condition === etag : validator === 'date');
  return start !== undefined && isSame ? Number(start) : 0;
}

function spoilt(body: Buffer, trick: Trick | undefined): Buffer {
  if (trick?.kind === 'wrong') return Buffer.from(body.map((byte) => byte ^ 1));
  if (trick?.kind === 'short') return body.subarray(0, trick.after);
  return trick?.kind === 'long' ? Buffer.concat([body, Buffer.from('more')]) : body;
}

function pour(exchange: Exchange, body: Buffer, trick: Trick | undefined): void {
  const { response, count } = exchange;
  const isWhole = trick?.kind !== 'cut' && trick?.kind !== 'stall';
  const part = isWhole ? body : body.subarray(0, trick.after);
  count(part.length);
  response.write(part, () => {
    if (trick?.kind === 'cut') response.socket?.destroy();
    if (trick?.kind === 'endless' && !response.destroyed) pour(exchange, body, trick);
  });
  if (isWhole && trick?.kind !== 'endless') response.end();
}
