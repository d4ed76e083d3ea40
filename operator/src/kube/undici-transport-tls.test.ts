import { createServer as createPlain, type Server } from 'node:http';
import { createSecureServer as createBoth } from 'node:http2';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority } from '../../../test/fixtures/certificates.ts';
import type { Credentials, Tls } from './server-access.ts';
import { type ClosableTransport, undiciTransport } from './undici-transport.ts';

let authority: TestAuthority;
let others: TestAuthority;
beforeAll(() => {
  authority = new TestAuthority();
  others = new TestAuthority('another authority');
});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

interface Site {
  readonly port: number;
  /** The user name of the client certificate of each connection, or none. */
  readonly connections: readonly (string | undefined)[];
}

/** An HTTPS server that asks for client certificates and takes what comes. */
async function serve(names: readonly string[] = ['127.0.0.1']): Promise<Site> {
  const connections: (string | undefined)[] = [];
  const { cert, key } = authority.server(...names);
  const options = { cert, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, (_, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end('{"kind":"Status"}');
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    connections.push(socket.authorized ? String(socket.getPeerCertificate().subject?.CN) : undefined);
  });
  return { port: await listen(server), connections };
}

async function listen(server: Server | ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A proxy that knows CONNECT and nothing else. */
async function proxy(wanted?: string) {
  const tunnels: { readonly to: string; readonly authorization: string | undefined }[] = [];
  const server = createPlain((_, outgoing) => outgoing.writeHead(405).end());
  const sockets = new Set<Socket>();
  server.on('connect', ({ url = '', headers }, socket: Socket) => {
    const authorization = headers['proxy-authorization'];
    tunnels.push({ to: url, authorization });
    if (wanted !== undefined && authorization !== wanted) {
      socket.end('HTTP/1.1 407 Who are you\r\n\r\n');
      return;
    }
    const upstream = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Go ahead\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const one of [socket, upstream]) {
      sockets.add(one);
      one.on('error', () => undefined);
    }
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
  });
  return { port: await listen(server), tunnels };
}

function transportTo(server: string, tls: Tls, proxyUrl?: string): ClosableTransport {
  const credentials: Credentials = { server, headers: {}, tls, ...(proxyUrl === undefined ? {} : { proxy: proxyUrl }) };
  const made = undiciTransport({ current: async () => credentials });
  closing.push(() => made.close());
  return made;
}

const version = { method: 'GET', path: '/version' } as const;

describe('the certificate of the server', () => {
  it('is believed when the authority that was given has signed it', async () => {
    const { port } = await serve();

    const { status } = await transportTo(`https://127.0.0.1:${port}`, { ca: authority.certificate }).request(version);

    expect(status).toBe(200);
  });

  it('is not believed when another one has, or none was given', async () => {
    const { port } = await serve();
    const server = `https://127.0.0.1:${port}`;

    await expect(transportTo(server, { ca: others.certificate }).request(version)).rejects.toMatchObject({
      code: expect.stringMatching(/^(UNABLE_TO_VERIFY|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_GET)/),
    });
    await expect(transportTo(server, {}).request(version)).rejects.toMatchObject({
      code: expect.stringMatching(/^(UNABLE_TO_VERIFY|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_GET)/),
    });
  });

  it('is believed whoever signed it where the kubeconfig says so', async () => {
    const { port } = await serve();
    const tls = { ca: others.certificate, rejectUnauthorized: false };

    expect((await transportTo(`https://127.0.0.1:${port}`, tls).request(version)).status).toBe(200);
  });

  it('has to be for the name that was asked for, or for the name that the kubeconfig gives', async () => {
    const { port } = await serve(['kube.example.com']);
    const server = `https://127.0.0.1:${port}`;
    const { certificate: ca } = authority;

    await expect(transportTo(server, { ca }).request(version)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect((await transportTo(server, { ca, servername: 'kube.example.com' }).request(version)).status).toBe(200);
  });
});

describe('a server that speaks HTTP/2 as well', () => {
  it('is spoken to in HTTP/1.1, and its end in the middle of watches crashes nobody', async () => {
    const { cert, key } = authority.server('127.0.0.1');
    const versions: string[] = [];
    const sockets: Socket[] = [];
    const server = createBoth({ cert, key, allowHTTP1: true }, (incoming, outgoing) => {
      versions.push(incoming.httpVersion);
      outgoing.writeHead(200);
      outgoing.write('{"type":"ADDED","object":{}}\n');
    });
    server.on('secureConnection', (socket: Socket) => void sockets.push(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const transport = transportTo(url, { ca: authority.certificate });
    const uncaught: unknown[] = [];
    const note = (error: unknown) => void uncaught.push(error);
    process.on('uncaughtExceptionMonitor', note);
    closing.push(() => process.off('uncaughtExceptionMonitor', note));
    const [lasting, aborted] = [new AbortController(), new AbortController()];
    const watched = [lasting, lasting, aborted].map(({ signal }) => transport.watch('/x', {}, signal));
    const open = watched.map((events) => events[Symbol.asyncIterator]());
    for (const watch of open) await watch.next();

    aborted.abort();
    const read = open[0]?.next();
    // The second one has been left alone in the middle, as a loop that was ended by an error.
    for (const socket of sockets) socket.destroy();

    await expect(read).rejects.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
    expect([new Set(versions), uncaught]).toEqual([new Set(['1.1']), []]);
  });
});

describe('a client certificate', () => {
  it('says who is asking', async () => {
    const { port, connections } = await serve();
    const tls = { ca: authority.certificate, ...authority.client('plant-7-admin') };

    await transportTo(`https://127.0.0.1:${port}`, tls).request(version);

    expect(connections).toEqual(['plant-7-admin']);
  });

  it('that was renewed is shown on new connections; another token alone keeps the old ones', async () => {
    const { port, connections } = await serve();
    let credentials: Credentials = {
      server: `https://127.0.0.1:${port}`,
      headers: { authorization: 'Bearer one' },
      tls: { ca: Buffer.from(authority.certificate), ...authority.client('first') },
    };
    const transport = undiciTransport({ current: async () => credentials });
    closing.push(() => transport.close());

    for (const token of ['one', 'two', 'three', 'four', 'five']) {
      const headers = { authorization: `Bearer ${token}` };
      credentials = { ...credentials, headers, tls: { ...credentials.tls, ca: Buffer.from(authority.certificate) } };
      await transport.request(version);
    }
    const before = [...connections];
    credentials = { ...credentials, tls: { ...credentials.tls, ...authority.client('second') } };
    await transport.request(version);

    expect(before.length).toBeLessThanOrEqual(2);
    expect([...new Set(before), connections.at(-1)]).toEqual(['first', 'second']);
  });
});

describe('a proxy', () => {
  it('is asked for a tunnel, in which the certificate of the server counts and ours is shown', async () => {
    const { port, connections } = await serve(['kube.example.com']);
    const { port: proxyPort, tunnels } = await proxy();
    const tls = { ca: authority.certificate, servername: 'kube.example.com', ...authority.client('plant-7-admin') };

    const { status } = await transportTo(`https://192.0.2.10:${port}`, tls, `http://127.0.0.1:${proxyPort}`).request(
      version,
    );

    expect(status).toBe(200);
    expect(tunnels).toEqual([{ to: `192.0.2.10:${port}`, authorization: undefined }]);
    expect(connections).toEqual(['plant-7-admin']);
  });

  it('is given the name and password of its address', async () => {
    const { port } = await serve();
    const wanted = `Basic ${Buffer.from('plant:p@ss').toString('base64')}`;
    const { port: proxyPort, tunnels } = await proxy(wanted);
    const url = `http://plant:p%40ss@127.0.0.1:${proxyPort}`;

    const { status } = await transportTo(`https://127.0.0.1:${port}`, { ca: authority.certificate }, url).request(
      version,
    );

    expect([status, tunnels[0]?.authorization]).toEqual([200, wanted]);
  });

  it('that refuses is told with its answer', async () => {
    const { port } = await serve();
    const { port: proxyPort } = await proxy('Basic other');
    const tls = { ca: authority.certificate };

    await expect(
      transportTo(`https://127.0.0.1:${port}`, tls, `http://127.0.0.1:${proxyPort}`).request(version),
    ).rejects.toThrow('407');
  });
});
