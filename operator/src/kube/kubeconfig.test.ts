import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
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
