import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TestAuthority } from '../../../../test/fixtures/certificates.ts';
import { faultyServer } from './faulty-server.ts';
import { faultOf, scene, someBytes, wantedOf } from './fetch-scene.ts';
import type { Environment } from './proxies.ts';

const content = someBytes(100_000);
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const authority = new TestAuthority();
const usual = getCACertificates('default');
beforeAll(() => setDefaultCACertificates([...usual, authority.certificate]));
afterAll(() => setDefaultCACertificates(usual));

interface Proxy {
  readonly port: number;
  /** What it was asked for: `CONNECT 127.0.0.1:1`, `GET http://127.0.0.1:1/k3s`. */
  readonly seen: string[];
}

/** A proxy that knows tunnels and plain requests; with `wanted` it asks who is there, with `status` it refuses. */
async function proxy({ wanted, status }: { wanted?: string; status?: number } = {}): Promise<Proxy> {
  const seen: string[] = [];
  const refusal = ({ headers }: IncomingMessage) =>
    status ?? (wanted !== undefined && headers['proxy-authorization'] !== `Basic ${btoa(wanted)}` ? 407 : undefined);
  const server = createServer((incoming, outgoing) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    const refused = refusal(incoming);
    if (refused !== undefined) outgoing.writeHead(refused).end();
    else
      request(incoming.url ?? '', { headers: incoming.headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      }).end();
  });
  tunnels(server, (incoming) => {
    seen.push(`CONNECT ${incoming.url}`);
    return refusal(incoming);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, seen };
}

function tunnels(server: Server, refusal: (incoming: IncomingMessage) => number | undefined): void {
  const sockets = new Set<Socket>();
  server.on('connect', (incoming, socket: Socket) => {
    sockets.add(socket);
    const refused = refusal(incoming);
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${refused} No\r\n\r\n`);
      return;
    }
    const [host, port] = (incoming.url ?? '').split(':');
    const there = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connected\r\n\r\n');
      there.pipe(socket).pipe(there);
    });
    for (const end of [there, socket]) end.on('error', () => undefined);
    sockets.add(there);
  });
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
}

async function fetching(tls: 'http' | 'https', environment: Environment) {
  const site = await faultyServer(content, tls === 'https' ? { tls: authority.server('127.0.0.1') } : {});
  const here = await scene({ environment });
  closing.push(site.close, here.close);
  const wanted = wantedOf(content, `${site.origin}/k3s`);
  return { site, here, host: new URL(site.origin).host, fetched: () => here.downloads.fetch(wanted) };
}

describe('a proxy', () => {
  it('that wants a user and a password is asked for a tunnel with them', async () => {
    const { port, seen } = await proxy({ wanted: 'me:p@ss' });
    const { fetched, here, host } = await fetching('https', { HTTPS_PROXY: `http://me:p%40ss@127.0.0.1:${port}` });

    await fetched();

    expect(seen).toEqual([`CONNECT ${host}`]);
    expect(await here.blobs()).toHaveLength(1);
  });

  it('that wants them passes on plain requests as well', async () => {
    const { port, seen } = await proxy({ wanted: 'me:p@ss' });
    const { fetched, here, host, site } = await fetching('http', { http_proxy: `http://me:p%40ss@127.0.0.1:${port}` });

    await fetched();

    expect(seen).toEqual([`GET http://${host}/k3s`]);
    expect(await here.blobs()).toHaveLength(1);
    expect(site.seen).toHaveLength(1);
  });

  it('needs no scheme, and is named in small letters first', async () => {
    const { port, seen } = await proxy();
    const { fetched } = await fetching('http', { http_proxy: `127.0.0.1:${port}`, HTTP_PROXY: 'http://127.0.0.1:9' });
    await fetched();
    expect(seen).toHaveLength(1);
  });

  it.each([
    ['NO_PROXY names the host', { NO_PROXY: '127.0.0.0/8' }],
    ['no_proxy names it, in small letters', { no_proxy: 'other.example,127.0.0.1', NO_PROXY: '' }],
  ])('is left out where %s', async (_, more) => {
    const { port, seen } = await proxy();
    const { fetched, site } = await fetching('http', { HTTP_PROXY: `http://127.0.0.1:${port}`, ...more });
    await fetched();
    expect([seen.length, site.seen.length]).toEqual([0, 1]);
  });

  it('for http is none for https', async () => {
    const { port, seen } = await proxy();
    const { fetched } = await fetching('https', { HTTP_PROXY: `http://127.0.0.1:${port}` });
    await fetched();
    expect(seen).toEqual([]);
  });
});

describe('a proxy that refuses', () => {
  const refused = async (tls: 'http' | 'https', options: { wanted?: string; status?: number }) => {
    const { port, seen } = await proxy(options);
    const uri = `http://me:hunter2@127.0.0.1:${port}`;
    const { fetched, site, host } = await fetching(tls, { HTTP_PROXY: uri, HTTPS_PROXY: uri });
    const told = await faultOf(fetched(), [host, 'files.example'], [`127.0.0.1:${port}`, 'proxy.example:3128']);
    expect(told).not.toContain('hunter2');
    expect(site.seen).toEqual([]);
    return { told, times: seen.length };
  };

  it('another password is asked once and told what it wants', async () => {
    const { told, times } = await refused('https', { wanted: 'me:right' });
    expect(told).toMatchInlineSnapshot(`
      "FETCH-DENIED
      cannot download bin/k3s: the proxy proxy.example:3128 wants a user and a password, or other ones (407)
      URL https://files.example/k3s
      export HTTPS_PROXY=http://USER:PASSWORD@proxy.example:3128          special characters as % and two digits: %40 for @"
    `);
    expect(times).toBe(1);
  });

  it('says the same of a plain request', async () => {
    const { told, times } = await refused('http', { wanted: 'me:right' });
    expect(told).toMatchInlineSnapshot(`
      "FETCH-DENIED
      cannot download bin/k3s: the proxy proxy.example:3128 wants a user and a password, or other ones (407)
      URL http://files.example/k3s
      export HTTP_PROXY=http://USER:PASSWORD@proxy.example:3128          special characters as % and two digits: %40 for @"
    `);
    expect(times).toBe(1);
  });

  it('a host is told with both names', async () => {
    const { told, times } = await refused('https', { status: 403 });
    expect(told).toMatchInlineSnapshot(`
      "FETCH-DENIED
      cannot download bin/k3s: the proxy proxy.example:3128 does not connect to files.example (403)
      URL https://files.example/k3s
      ask whoever runs the proxy to allow files.example"
    `);
    expect(times).toBe(1);
  });

  it('because it is itself in trouble is asked again', async () => {
    const { told, times } = await refused('https', { status: 502 });
    expect(told).toContain('the proxy proxy.example:3128 does not connect to files.example (502)');
    expect(times).toBe(3);
  });

  it('connections is named, not the server', async () => {
    const { fetched } = await fetching('https', { HTTPS_PROXY: 'http://me:hunter2@127.0.0.1:9' });
    const told = await faultOf(fetched());
    expect(told).toContain('cannot download bin/k3s: the proxy 127.0.0.1:9 refuses connections');
    expect(told).not.toContain('hunter2');
  });
});

describe('the variable of a proxy', () => {
  it.each([
    ['a password with a lone %', 'http://me:100%@proxy.example'],
    ['another kind of proxy', 'socks5://me:hunter2@proxy.example'],
    ['no URL', 'http://me:hunter2@'],
  ])('that holds %s is told without what it holds', async (_, value) => {
    const told = await faultOf(scene({ environment: { HTTPS_PROXY: value } }));
    expect(told).toBe(`USAGE
HTTPS_PROXY is set and is no URL of a proxy
special characters of a password are written as % and two digits there: %40 for @, %25 for %
export HTTPS_PROXY=http://USER:PASSWORD@proxy.example:3128`);
  });
});
