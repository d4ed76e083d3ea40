import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ServerAccess } from './server-access.ts';
import { type ClosableTransport, undiciTransport } from './undici-transport.ts';

let server: Server;
let transport: ClosableTransport;
let connections = 0;
afterEach(async () => {
  await transport.close();
  server.closeAllConnections();
  server.close();
});

async function serve(
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => unknown,
  access?: (url: string) => ServerAccess,
  deadline?: number,
): Promise<void> {
  connections = 0;
  server = createServer((incoming, outgoing) => void answer(incoming, outgoing));
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const plain: ServerAccess = { current: async () => ({ server: url, headers: {}, tls: {} }) };
  transport = undiciTransport(access?.(url) ?? plain, deadline === undefined ? {} : { deadline });
}

const json = (outgoing: ServerResponse, status: number, body: object, headers = {}) =>
  outgoing.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

describe('the real transport', () => {
  it('keeps its connection for requests in a row', async () => {
    await serve((_, outgoing) => json(outgoing, 200, {}));

    for (let count = 0; count < 10; count++) await transport.request({ method: 'GET', path: '/x' });

    expect(connections).toBeLessThanOrEqual(2);
  });

  it('sends method, query, body and its type', async () => {
    await serve(async (incoming, outgoing) => {
      const chunks = await Array.fromAsync(incoming);
      json(outgoing, 200, {
        method: incoming.method,
        url: incoming.url,
        type: incoming.headers['content-type'],
        body: Buffer.concat(chunks).toString(),
      });
    });

    const { body } = await transport.request({
      method: 'PATCH',
      path: '/x',
      query: { dryRun: 'All' },
      body: { a: 1 },
      contentType: 'application/apply-patch+yaml',
    });

    expect(body).toEqual({
      method: 'PATCH',
      url: '/x?dryRun=All',
      type: 'application/apply-patch+yaml',
      body: '{"a":1}',
    });
  });

  it('gives text as text and Retry-After as a number', async () => {
    await serve((_, outgoing) =>
      outgoing.writeHead(429, { 'content-type': 'text/plain', 'retry-after': '3' }).end('slow down'),
    );

    expect(await transport.request({ method: 'GET', path: '/logs' })).toEqual({
      status: 429,
      body: 'slow down',
      retryAfter: 3,
    });
  });

  it('reads its credentials again once they are refused', async () => {
    const rotating = (url: string): ServerAccess => ({
      current: async (fresh) => ({
        server: url,
        headers: { authorization: fresh ? 'Bearer new' : 'Bearer old' },
        tls: {},
      }),
    });
    await serve(
      (incoming, outgoing) => json(outgoing, incoming.headers.authorization === 'Bearer new' ? 200 : 401, {}),
      rotating,
    );

    expect((await transport.request({ method: 'GET', path: '/x' })).status).toBe(200);
  });

  it('gives up a request that is not answered in time', async () => {
    await serve(() => undefined, undefined, 50);

    await expect(transport.request({ method: 'GET', path: '/x' })).rejects.toMatchObject({
      message: 'no answer to GET /x within 0.05 s',
      code: 'ETIMEDOUT',
    });
  });

  it('gives up an answer that begins and does not end', async () => {
    await serve(
      (_, outgoing) => outgoing.writeHead(200, { 'content-type': 'application/json' }).write('{'),
      undefined,
      50,
    );

    await expect(transport.request({ method: 'GET', path: '/x' })).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('ends with the reason of whoever asked and does not want the answer any more', async () => {
    const stop = new AbortController();
    await serve(() => stop.abort(new Error('not needed any more')));

    await expect(transport.request({ method: 'GET', path: '/x', signal: stop.signal })).rejects.toThrow(
      'not needed any more',
    );
  });

  it('breaks off what is under way when it is closed, and takes nothing more', async () => {
    let begun = 0;
    const both = Promise.withResolvers<void>();
    await serve((incoming, outgoing) => {
      if (incoming.url?.includes('watch')) outgoing.writeHead(200).write('{"type":"ADDED","object":{}}\n');
      if (++begun === 4) both.resolve();
    });
    const signal = new AbortController().signal;
    // One is read to its end, one is left in the middle, one has not said anything.
    const read = Array.fromAsync(transport.watch('/read', {}, signal));
    const left = transport.watch('/left', {}, signal)[Symbol.asyncIterator]();
    await left.next();
    const idle = transport.watch('/idle', {}, signal)[Symbol.asyncIterator]();
    await idle.next();
    const asked = transport.request({ method: 'GET', path: '/asked' });
    await both.promise;

    const ends = Promise.allSettled([read, asked]);
    await transport.close();

    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(transport.request({ method: 'GET', path: '/later' })).rejects.toThrow('this transport was closed');
  });

  it('rejects when nobody listens, and says so', async () => {
    await serve(
      () => undefined,
      () => ({ current: async () => ({ server: 'http://127.0.0.1:9', headers: {}, tls: {} }) }),
    );

    await expect(transport.request({ method: 'GET', path: '/x' })).rejects.toMatchObject({
      code: expect.stringMatching(/ECONNREFUSED|UND_ERR/),
    });
  });

  it('tells a refused watch as its one event', async () => {
    await serve((_, outgoing) => json(outgoing, 410, { kind: 'Status', code: 410, reason: 'Expired' }));

    const events = await Array.fromAsync(transport.watch('/x', {}, new AbortController().signal));

    expect(events).toEqual([{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', details: {} } }]);
  });

  it('rejects when a watch breaks, and ends quietly when it is aborted', async () => {
    await serve((incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'application/json' }).write('{"type":"ADDED","object":{}}\n');
      if (incoming.url?.includes('break')) setTimeout(() => outgoing.destroy(), 20);
    });
    const stop = new AbortController();
    const events = [];

    for await (const event of transport.watch('/quiet', {}, stop.signal)) {
      events.push(event);
      stop.abort();
    }

    expect(events).toHaveLength(1);
    await expect(Array.fromAsync(transport.watch('/break', {}, new AbortController().signal))).rejects.toThrow();
  });
});
