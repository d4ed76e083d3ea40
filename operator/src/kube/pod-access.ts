import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { proxyFor } from './proxy-environment.ts';
import type { Credentials, ServerAccess } from './server-access.ts';

export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly home: string;
  /** Where the kubelet puts what a service account proves itself with. */
  readonly account: string;
  readonly now: () => number;
}

/** A token is renewed long before it runs out: one that was read a minute ago still holds. */
const holds = 60_000;

const surroundings: Surroundings = {
  environment: process.env,
  home: homedir(),
  account: '/var/run/secrets/kubernetes.io/serviceaccount',
  now: Date.now,
};

/**
 * Access as the service account of the pod that this runs in; undefined where there is none, or where a kubeconfig is
 * there, which comes first. Beside client-node, which knows the same, because that takes sixty megabytes of memory.
 */
export function podAccess({ environment, home, account, now }: Surroundings = surroundings): ServerAccess | undefined {
  const { KUBECONFIG: named, KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = environment;
  if (named || !host || existsSync(join(home, '.kube/config')) || !existsSync(join(account, 'token'))) return undefined;
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const proxy = proxyFor(server, environment);
  let known: { readonly since: number; readonly credentials: Promise<Credentials> } | undefined;
  const look = async (): Promise<Credentials> => {
    const [token, ca] = await Promise.all(['token', 'ca.crt'].map((file) => readFile(join(account, file), 'utf8')));
    const headers = { authorization: `Bearer ${token?.trim()}` };
    return { server, ...(proxy === undefined ? {} : { proxy }), headers, tls: ca === undefined ? {} : { ca } };
  };
  return {
    current(fresh = false): Promise<Credentials> {
      if (known !== undefined && !fresh && now() - known.since <= holds) return known.credentials;
      const asked = { since: now(), credentials: look() };
      known = asked;
      asked.credentials.catch(() => {
        if (known === asked) known = undefined;
      });
      return asked.credentials;
    },
  };
}
