import { stat } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Credentials, ServerAccess, Tls } from './server-access.ts';

/**
 * Access as a kubeconfig gives it: client certificates, tokens, exec and OIDC plugins, proxy, own CA.
 * Without a path: of `$KUBECONFIG`, `~/.kube/config`, or the service account of the pod.
 * The one place that knows client-node; it is loaded at the first request because that takes a quarter of a second.
 */
export function loadAccess(path?: string): ServerAccess {
  let loaded: { readonly config: KubeConfig; readonly changed: number } | undefined;
  return {
    async current(fresh = false): Promise<Credentials> {
      const changed = path === undefined ? 0 : (await stat(path)).mtimeMs;
      // A kubeconfig that was written again holds new certificates.
      if (loaded === undefined || fresh || loaded.changed !== changed) {
        loaded = { config: await load(path), changed };
      }
      return credentials(loaded.config);
    },
  };
}

async function load(path: string | undefined): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  if (path === undefined) config.loadFromDefault();
  else config.loadFromFile(path);
  return config;
}

async function credentials(config: KubeConfig): Promise<Credentials> {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('the kubeconfig names no cluster: its current-context is missing or unknown');
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const basic = options.auth ? { authorization: `Basic ${Buffer.from(options.auth).toString('base64')}` } : {};
  return {
    server: cluster.server,
    ...(cluster.proxyUrl ? { proxy: cluster.proxyUrl } : {}),
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
