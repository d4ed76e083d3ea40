import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Address } from './flags.ts';

export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly text: string;
}

/** Answers to GET by path; undefined where there is nothing. */
export type Answerer = (url: URL) => Promise<Answer | undefined> | Answer | undefined;

export interface Serving {
  /** The port, also where 0 asked for any. */
  readonly port: number;
  close(): Promise<void>;
}

/** Who asks here is a kubelet or a scraper: short questions, at once. */
const limits = { maxHeaderSize: 8 * 1024, headersTimeout: 5000, requestTimeout: 10_000, keepAliveTimeout: 30_000 };

/** Listens on an address; rejects where that cannot be. A port of 0 is any that is free. */
export function serve({ host, port }: Address, answer: Answerer): Promise<Serving> {
  const server = createServer(limits, (request, response) => void respond(request, response, answer));
  server.maxConnections = 100;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      const close = () =>
        new Promise<void>((closed) => {
          server.close(() => closed());
          server.closeAllConnections();
        });
      resolve({ port: (server.address() as AddressInfo).port, close });
    });
  });
}

async function respond(request: IncomingMessage, response: ServerResponse, answer: Answerer): Promise<void> {
  // Nobody has anything to send here.
  request.resume();
  const { status, type = 'text/plain; charset=utf-8', text } = await answered(request, answer);
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(text),
    'x-content-type-options': 'nosniff',
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}

async function answered({ method, url = '/' }: IncomingMessage, answer: Answerer): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, text: 'only GET is answered here\n' };
  const where = URL.parse(url, 'http://operator');
  try {
    const found = where === null ? undefined : await answer(where);
    return found ?? { status: 404, text: 'there is nothing here\n' };
  } catch {
    return { status: 500, text: 'this could not be told\n' };
  }
}
