import { mkdtemp, rm, writeFile } from 'node:fs/promises';
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

it('speaks to the cluster of the context that is asked for', async () => {
  const path = join(folder, 'config');
  const lab = "clusters: [{name: lab, cluster: {server: 'https://10.0.0.20:6443'}}, ";
  const contexts = 'contexts: [{name: there, context: {cluster: lab, user: admin}}, ';
  const text = kubeconfig('one').replace('clusters: [', lab).replace('contexts: [', contexts);
  await writeFile(path, text);

  const { server } = await loadAccess(path, 'there').current();

  expect(server).toBe('https://10.0.0.20:6443');
  await expect(loadAccess(path, 'nowhere').current()).rejects.toThrow('the kubeconfig names no cluster');
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

it('reads a token again from its file once it was refused, as that of a pod is renewed', async () => {
  const tokenFile = join(folder, 'token');
  await writeFile(tokenFile, 'first');
  const access = loadAccess(await written({}, { 'auth-provider': { name: 'tokenFile', config: { tokenFile } } }));
  const token = async (fresh: boolean) => (await access.current(fresh)).headers['authorization'];
  expect(await token(false)).toBe('Bearer first');

  await writeFile(tokenFile, 'second');

  expect(await token(false)).toBe('Bearer first');
  expect(await token(true)).toBe('Bearer second');
  expect(await token(false)).toBe('Bearer second');
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
});
