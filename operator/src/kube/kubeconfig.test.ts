import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestAuthority } from '../../../test/fixtures/certificates.ts';
import { loadAccess } from './kubeconfig.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
});
afterEach(() => rm(folder, { recursive: true }));

const kubeconfig = (token: string, extra = '') => `apiVersion: v1
kind: Config
current-context: here
contexts: [{name: here, context: {cluster: edge, user: admin}}]
clusters: [{name: edge, cluster: {server: 'https://10.0.0.10:6443', certificate-authority-data: ${Buffer.from('the CA').toString('base64')}${extra}}}]
users: [{name: admin, user: {token: ${token}}}]
`;

it('gives server, own CA, proxy and token', async () => {
  const path = join(folder, 'config');
  await writeFile(path, kubeconfig('one', ", proxy-url: 'http://proxy:3128'"));

  const given = await loadAccess(path).current();

  expect({ ...given, tls: { ca: String(given.tls.ca) } }).toEqual({
    server: 'https://10.0.0.10:6443',
    proxy: 'http://proxy:3128',
    headers: { authorization: 'Bearer one' },
    tls: { ca: 'the CA' },
  });
});

it('reads a kubeconfig again that was written again', async () => {
  const path = join(folder, 'config');
  await writeFile(path, kubeconfig('one'));
  const access = loadAccess(path);
  await access.current();
  await new Promise((resolve) => setTimeout(resolve, 5));

  await writeFile(path, kubeconfig('two'));

  expect((await access.current()).headers).toEqual({ authorization: 'Bearer two' });
});

/** A kubeconfig of one cluster and one user, as an object: YAML reads JSON. */
async function written(cluster: object, user: object): Promise<string> {
  const path = join(folder, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'edge', user: 'admin' } }],
    clusters: [{ name: 'edge', cluster: { server: 'https://192.0.2.10:6443', ...cluster } }],
    users: [{ name: 'admin', user }],
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}

describe('the way to the server', () => {
  it('is checked by another name where one is given, or not at all', async () => {
    const named = await written({ 'tls-server-name': 'kube.example.com' }, { token: 'one' });
    expect((await loadAccess(named).current()).tls).toEqual({ servername: 'kube.example.com' });

    const unchecked = await written({ 'insecure-skip-tls-verify': true }, { token: 'one' });
    expect((await loadAccess(unchecked).current()).tls).toEqual({ rejectUnauthorized: false });
  });

  it('goes over the proxy of the environment where the kubeconfig names none', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://proxy:3128');
    vi.stubEnv('NO_PROXY', '198.51.100.0/24');
    try {
      const plain = await written({}, { token: 'one' });
      expect((await loadAccess(plain).current()).proxy).toBe('http://proxy:3128');
      const own = await written({ 'proxy-url': 'http://other:3128' }, { token: 'one' });
      expect((await loadAccess(own).current()).proxy).toBe('http://other:3128');
      const exempt = await written({ server: 'https://198.51.100.7:6443' }, { token: 'one' });
      expect((await loadAccess(exempt).current()).proxy).toBeUndefined();
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('who is asking', () => {
  it('is proven by a certificate, from the kubeconfig or from files beside it', async () => {
    const { cert, key } = new TestAuthority().client('plant-7-admin');
    const [cert64, key64] = [cert, key].map((text) => Buffer.from(text).toString('base64'));
    const inside = await written({}, { 'client-certificate-data': cert64, 'client-key-data': key64 });
    const { tls } = await loadAccess(inside).current();
    expect([String(tls.cert), String(tls.key)]).toEqual([cert, key]);

    await writeFile(join(folder, 'admin.crt'), cert);
    await writeFile(join(folder, 'admin.key'), key);
    const beside = await written({}, { 'client-certificate': 'admin.crt', 'client-key': 'admin.key' });
    const read = await loadAccess(beside).current();
    expect([String(read.tls.cert), String(read.tls.key)]).toEqual([cert, key]);
  });

  it('is proven by name and password', async () => {
    const path = await written({}, { username: 'admin', password: 'made-up' });

    expect((await loadAccess(path).current()).headers).toEqual({
      authorization: `Basic ${Buffer.from('admin:made-up').toString('base64')}`,
    });
  });

  it('is what a program says, which is asked once, and again when its answer was refused', async () => {
    const count = join(folder, 'count');
    const program = `
      const { appendFileSync, readFileSync } = require('node:fs');
      appendFileSync(${JSON.stringify(count)}, 'x');
      const token = process.env.PREFIX + readFileSync(${JSON.stringify(count)}).length;
      console.log(JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } }));`;
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: ['--eval', program],
      env: [{ name: 'PREFIX', value: 'token-' }],
      interactiveMode: 'Never',
    };
    const access = loadAccess(await written({}, { exec }));

    const tokens = [await access.current(), await access.current(), await access.current(true)].map(
      ({ headers }) => headers['authorization'],
    );

    expect(tokens).toEqual(['Bearer token-1', 'Bearer token-1', 'Bearer token-2']);
  });

  it('is not known where the program fails, and says what the program said', async () => {
    const args = ['--eval', 'console.error("log in first"); process.exit(1)'];
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args };
    const access = loadAccess(await written({}, { exec }));

    await expect(access.current()).rejects.toThrow('log in first');
  });

  it('is what the OIDC provider says, which is asked for a new token when the old one has run out', async () => {
    const provider = await oidcProvider();
    const config = {
      'client-id': 'kubernetes',
      'client-secret': 'made-up',
      'id-token': jwt({ exp: 1000 }),
      'refresh-token': 'once',
      'idp-issuer-url': provider.issuer,
      'idp-certificate-authority-data': Buffer.from(provider.ca).toString('base64'),
    };
    const path = await written({}, { 'auth-provider': { name: 'oidc', config } });
    const access = loadAccess(path);

    const atOnce = await Promise.all([access.current(), access.current(), access.current()]);
    const asked = [atOnce[0], atOnce[2], await access.current(true)];

    const [first, second] = provider.issued;
    expect(asked.map(({ headers }) => headers['authorization'])).toEqual([
      `Bearer ${first}`,
      `Bearer ${first}`,
      `Bearer ${second}`,
    ]);
    expect(provider.asked).toEqual([
      'refresh_token once kubernetes:made-up',
      'refresh_token next-1 kubernetes:made-up',
    ]);
    // The provider does not take a refresh token twice, so the next program has to find the last one.
    const kept = JSON.parse(await readFile(path, 'utf8')).users[0].user['auth-provider'].config;
    expect([kept['id-token'], kept['refresh-token']]).toEqual([second, 'next-2']);
    provider.close();
  });

  it('is told what the OIDC provider refused, and nothing that was sent', async () => {
    const provider = await oidcProvider();
    const config = {
      'client-id': 'kubernetes',
      'client-secret': 'made-up',
      'id-token': jwt({ exp: 1000 }),
      'refresh-token': 'spent',
      'idp-issuer-url': provider.issuer,
      'idp-certificate-authority-data': Buffer.from(provider.ca).toString('base64'),
    };
    const access = loadAccess(await written({}, { 'auth-provider': { name: 'oidc', config } }));

    await expect(access.current()).rejects.toThrow(
      `${provider.issuer}/token was answered with HTTP 400: invalid_grant: this refresh token was used before`,
    );
    provider.close();
  });
});

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.${Buffer.from('unsigned').toString('base64url')}`;
}

/** The smallest OpenID provider: its description, and a new token for a refresh token, which is good for once. */
async function oidcProvider() {
  const authority = new TestAuthority();
  const { cert, key } = authority.server('127.0.0.1');
  const issued: string[] = [];
  const asked: string[] = [];
  const answerTo = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const form = new URLSearchParams(Buffer.concat(await Array.fromAsync(incoming)).toString());
    const isRefused = form.get('refresh_token') === 'spent';
    const answer = incoming.url === '/token' ? token(form, incoming.headers.authorization ?? '') : description();
    outgoing.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/json' });
    const refusal = { error: 'invalid_grant', error_description: 'this refresh token was used before' };
    outgoing.end(JSON.stringify(isRefused ? refusal : answer));
  };
  const server = createServer({ cert, key }, (incoming, outgoing) => void answerTo(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const description = () => ({ issuer, token_endpoint: `${issuer}/token` });
  const token = (form: URLSearchParams, authorization: string) => {
    const client = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString();
    asked.push(`${form.get('grant_type')} ${form.get('refresh_token')} ${client}`);
    issued.push(jwt({ exp: Math.floor(Date.now() / 1000) + 3600, count: issued.length }));
    return { id_token: issued.at(-1), refresh_token: `next-${issued.length}`, expires_in: 3600 };
  };
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { issuer, ca: authority.certificate, issued, asked, close };
}
