import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Query, Request, Response, Transport } from '#kube/transport';
import { refuse } from './refusal.ts';

export interface Listening {
  /** `http://127.0.0.1:8001`. */
  readonly url: string;
  close(): Promise<void>;
}

/** Lets kubectl look into a rehearsed cluster, over loopback only. Port 0 takes any free one. */
export async function listen(transport: Transport, port = 0): Promise<Listening> {
  const ending = new AbortController();
  const server = createServer((incoming, outgoing) => {
    serve(transport, incoming, outgoing, ending.signal).catch((error: unknown) => broken(outgoing, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    close: () => {
      ending.abort();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function serve(
  transport: Transport,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', 'http://cluster');
  const query = Object.fromEntries(url.searchParams);
  if (query['watch'] === 'true' || query['watch'] === '1') {
    const accept = incoming.headers.accept ?? '';
    return stream(transport, { path: url.pathname, query, accept }, outgoing, signal);
  }
  const text = await bodyOf(incoming);
  if (incoming.headers['content-type']?.includes('protobuf')) return answer(outgoing, refuse.mediaType().response());
  const request: Request = {
    method: (incoming.method ?? 'GET') as Request['method'],
    path: url.pathname,
    query,
    ...(incoming.headers.accept === undefined ? {} : { accept: incoming.headers.accept }),
    ...(text === '' ? {} : { body: JSON.parse(text) }),
    ...(incoming.headers['content-type'] === undefined ? {} : { contentType: incoming.headers['content-type'] }),
  };
  answer(outgoing, await transport.request(request));
}

function answer(outgoing: ServerResponse, { status, body, retryAfter }: Response): void {
  const isText = typeof body === 'string';
  outgoing.writeHead(status, {
    'content-type': isText ? 'text/plain' : 'application/json',
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  });
  outgoing.end(isText ? body : JSON.stringify(body));
}

async function stream(
  transport: Transport,
  { path, query, accept }: { readonly path: string; readonly query: Query; readonly accept: string },
  outgoing: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const closed = new AbortController();
  outgoing.once('close', () => closed.abort());
  const until = AbortSignal.any([signal, closed.signal]);
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  outgoing.flushHeaders();
  for await (const event of transport.watch(path, query, until, { accept }))
    outgoing.write(`${JSON.stringify(event)}\n`);
  outgoing.end();
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** What cannot be answered breaks the connection, as a server that dies would. */
function broken(outgoing: ServerResponse, error: unknown): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  const message = error instanceof Error ? error.message : String(error);
  outgoing.writeHead(500, { 'content-type': 'application/json' });
  outgoing.end(
    JSON.stringify({
      kind: 'Status',
      apiVersion: 'v1',
      status: 'Failure',
      reason: 'InternalError',
      message,
      code: 500,
    }),
  );
}
