import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { delimiter } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { hasRunOut, refreshed } from './oidc-token.ts';
import { plainAccess } from './plain-kubeconfig.ts';
import { podAccess } from './pod-access.ts';
import { proxyFor } from './proxy-environment.ts';
import type { Credentials, ServerAccess, Tls } from './server-access.ts';

/** A token is exchanged in its file before it runs out: one that was read this long ago still holds. */
const holds = 10_000;

/**
 * Access as a kubeconfig gives it: client certificates, tokens, exec and OIDC plugins, proxy, own CA. Where it names no
 * proxy, that of the environment.
 * Without a path: of `$KUBECONFIG`, `~/.kube/config`, or the service account of the pod; without a context: its current.
 * The one place that knows client-node, which is loaded for users by plugin alone.
 */
export function loadAccess(path?: string, context?: string): ServerAccess {
  const pod = path === undefined && context === undefined ? podAccess() : undefined;
  if (pod !== undefined) return pod;
  const look = looking(path ?? namedFile(), context);
  let asking: { readonly fresh: boolean; readonly answer: Promise<Credentials> } | undefined;
  return {
    /** Many ask at the same time; a program is run and a token renewed once for all of them. */
    current(fresh = false): Promise<Credentials> {
      if (asking !== undefined && (asking.fresh || !fresh)) return asking.answer;
      const answer = look(fresh).finally(() => {
        if (asking?.answer === answer) asking = undefined;
      });
      asking = { fresh, answer };
      return answer;
    },
  };
}

/** The one file that the environment names; several of them are put together elsewhere. */
function namedFile(): string | undefined {
  const named = (process.env['KUBECONFIG'] ?? '').split(delimiter).filter((one) => one !== '');
  return named.length === 1 ? named[0] : undefined;
}

/** What is read is kept until the file changes: a kubeconfig that was written again holds new certificates. */
function looking(path: string | undefined, context: string | undefined): (fresh: boolean) => Promise<Credentials> {
  let plain: { readonly read: number; readonly changed: number; readonly credentials: Credentials } | undefined;
  let loaded: { readonly config: KubeConfig; readonly changed: number } | undefined;
  return async (fresh) => {
    const changed = path === undefined ? 0 : (await stat(path)).mtimeMs;
    const isKnown = plain?.changed === changed && !fresh && performance.now() - plain.read < holds;
    if (plain !== undefined && isKnown) return plain.credentials;
    const simple = path === undefined ? undefined : await plainAccess(path, context);
    if (simple !== undefined) {
      plain = { read: performance.now(), changed, credentials: simple };
      return simple;
    }
    if (loaded === undefined || fresh || loaded.changed !== changed)
      loaded = { config: await load(path, context), changed };
    await renewed(loaded.config, path, fresh);
    return credentials(loaded.config);
  };
}

async function load(path: string | undefined, context: string | undefined): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (path === undefined) config.loadFromDefault();
  else config.loadFromFile(path);
  if (context !== undefined) config.setCurrentContext(context);
  return config;
}

/** Sees to it that the token of an OIDC user holds; with `fresh` also where it should. A new one is kept as kubectl keeps it. */
async function renewed(config: KubeConfig, path: string | undefined, fresh: boolean): Promise<void> {
  const user = config.getCurrentUser();
  const about: Record<string, string> | undefined = user?.authProvider?.config;
  if (about === undefined || user?.authProvider?.name !== 'oidc') return;
  const [token = '', refresh] = [about['id-token'], about['refresh-token']];
  if (!refresh || !about['idp-issuer-url'] || !(fresh || hasRunOut(token, Date.now()))) return;
  const tokens = await refreshed(about);
  Object.assign(about, { 'id-token': tokens.id, 'refresh-token': tokens.refresh });
  if (path !== undefined) await kept(path, [token, tokens.id], [refresh, tokens.refresh]);
}

/** Writes new tokens in the place of old ones: a provider that gives a new refresh token does not take the old one again. */
async function kept(path: string, ...changes: readonly (readonly [string, string])[]): Promise<void> {
  const text = await readFile(path, 'utf8');
  const next = changes.reduce(
    (sofar, [before, after]) => (before ? sofar.replaceAll(before, () => after) : sofar),
    text,
  );
  if (next === text) return;
  const { mode } = await stat(path);
  await writeFile(`${path}.next`, next, { mode });
  await rename(`${path}.next`, path);
}

async function credentials(config: KubeConfig): Promise<Credentials> {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig names no cluster: its current-context is missing or unknown');
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const basic = options.auth ? { authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` } : {};
  const proxy = cluster.proxyUrl || proxyFor(cluster.server, process.env);
  return {
    server: cluster.server,
    ...(proxy === undefined ? {} : { proxy }),
    headers: { ...basic, ...headersOf(options) },
    tls: tlsOf(options),
  };
}

function headersOf({ headers = {} }: RequestOptions): Record<string, string> {
  const entries = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

const tlsFields = ['ca', 'cert', 'key', 'pfx', 'passphrase', 'servername', 'rejectUnauthorized'] as const;

function tlsOf(options: RequestOptions): Tls {
  const given = tlsFields.filter((field) => options[field] !== undefined && options[field] !== null);
  return Object.fromEntries(given.map((field) => [field, options[field]]));
}
