import type { Request, Response } from '#kube/transport';

const checks = [
  'ping',
  'log',
  'etcd',
  'informer-sync',
  'poststarthook/start-apiextensions-controllers',
  'poststarthook/rbac/bootstrap-roles',
  'shutdown',
];

/** The health pages; undefined when the path is none of them. */
export function health({ path, query }: Request): Response | undefined {
  const [, page] = /^\/(readyz|livez|healthz)$/.exec(path) ?? [];
  if (page === undefined) return undefined;
  if (query?.['verbose'] === undefined) return { status: 200, body: 'ok' };
  const lines = checks.filter((check) => check !== 'shutdown' || page === 'readyz').map((check) => `[+]${check} ok\n`);
  return { status: 200, body: `${lines.join('')}${page} check passed\n` };
}
