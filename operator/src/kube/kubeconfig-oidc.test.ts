import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestAuthority } from '../../../test/fixtures/certificates.ts';
import { loadAccess } from './kubeconfig.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A kubeconfig of one user, as an object: YAML reads JSON. */
async function written(user: object): Promise<string> {
  const path = join(folder, 'config');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'edge', user: 'admin' } }],
    clusters: [{ name: 'edge', cluster: { server: 'https://192.0.2.10:6443' } }],
    users: [{ name: 'admin', user }],
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}

describe('the token of a user of OpenID', () => {
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
    const path = await written({ 'auth-provider': { name: 'oidc', config } });
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
    const access = loadAccess(await written({ 'auth-provider': { name: 'oidc', config } }));

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
