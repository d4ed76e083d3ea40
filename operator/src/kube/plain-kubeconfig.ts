import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { load as parse } from 'js-yaml';
import type { Json } from './json.ts';
import { proxyFor } from './proxy-environment.ts';
import type { Credentials, Tls } from './server-access.ts';

/** What a user of a kubeconfig can be told by without running anything. */
const plain = new Set([
  'token',
  'tokenFile',
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
  'username',
  'password',
]);

/**
 * Access by a kubeconfig whose user has a token, a certificate or a password: read here, because loading client-node
 * takes a quarter of a second and ninety megabytes. Undefined for every other one, broken ones included.
 */
export async function plainAccess(path: string, context: string | undefined): Promise<Credentials | undefined> {
  const config = await parsed(path);
  const named = (list: string, name: unknown) => (config?.[list] ?? []).find((one: Json) => one?.name === name);
  const current: Json = named('contexts', context ?? config?.['current-context'])?.context;
  const cluster: Json = named('clusters', current?.cluster)?.cluster;
  const user: Json = named('users', current?.user)?.user;
  if (typeof cluster?.server !== 'string' || typeof user !== 'object' || user === null) return undefined;
  if (!Object.keys(user).every((key) => plain.has(key))) return undefined;
  const proxy: string | undefined = cluster['proxy-url'] || proxyFor(cluster.server, process.env);
  return {
    server: cluster.server.replace(/\/+$/, ''),
    ...(proxy === undefined ? {} : { proxy }),
    headers: await headersOf(user, path),
    tls: await tlsOf(cluster, user, path),
  };
}

async function parsed(path: string): Promise<Json> {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch {
    // Whoever explains what is wrong with it is asked next.
    return undefined;
  }
}

async function headersOf(user: Json, path: string): Promise<Record<string, string>> {
  const token: string | undefined = user.tokenFile
    ? (await readFile(resolve(dirname(path), user.tokenFile), 'utf8')).trim()
    : user.token;
  if (token) return { authorization: `Bearer ${token}` };
  if (!user.username) return {};
  return { authorization: `Basic ${Buffer.from(`${user.username}:${user.password ?? ''}`).toString('base64')}` };
}

async function tlsOf(cluster: Json, user: Json, path: string): Promise<Tls> {
  const material = async (from: Json, name: string) => {
    if (from[`${name}-data`]) return Buffer.from(from[`${name}-data`], 'base64');
    return from[name] ? readFile(resolve(dirname(path), from[name])) : undefined;
  };
  const [ca, cert, key] = await Promise.all([
    material(cluster, 'certificate-authority'),
    material(user, 'client-certificate'),
    material(user, 'client-key'),
  ]);
  return {
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(cluster['tls-server-name'] && { servername: cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] === true && { rejectUnauthorized: false }),
  };
}
