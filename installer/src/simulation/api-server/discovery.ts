import type { Response } from '#kube/transport';
import type { Kind } from './kinds.ts';
import type { Registry } from './registry.ts';

const version = {
  major: '1',
  minor: '35',
  gitVersion: 'v1.35.8+k3s1',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  goVersion: 'go1.25.0',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/** The documents that tell what is served; undefined when the path is none of them. `foreign` are aggregated APIs. */
export function discovery(path: string, registry: Registry, foreign: readonly string[]): Response | undefined {
  if (path === '/version') return ok(version);
  if (path === '/api') return ok({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] });
  if (path === '/api/v1') return ok(resources('v1', registry.inGroup('')));
  if (path === '/apis') return ok({ kind: 'APIGroupList', apiVersion: 'v1', groups: groups(registry, foreign) });
  const [, group = '', name] = /^\/apis\/([^/]+)(?:\/([^/]+))?\/?$/.exec(path) ?? [];
  if (group === '') return undefined;
  if (name === undefined) return groupDocument(group, registry, foreign);
  if (foreign.includes(`${group}/${name}`)) return undefined;
  const kinds = registry.inGroup(group).filter((kind) => kind.version === name);
  return kinds.length === 0 ? absent() : ok(resources(`${group}/${name}`, kinds));
}

function ok(body: unknown): Response {
  return { status: 200, body };
}

export function absent(): Response {
  return { status: 404, body: '404 page not found\n' };
}

function groupDocument(name: string, registry: Registry, foreign: readonly string[]): Response {
  const found = groups(registry, foreign).find((group) => group.name === name);
  return found === undefined ? absent() : ok({ kind: 'APIGroup', apiVersion: 'v1', ...found });
}

interface Group {
  readonly name: string;
  readonly versions: readonly GroupVersion[];
  readonly preferredVersion: GroupVersion | undefined;
}
interface GroupVersion {
  readonly groupVersion: string;
  readonly version: string;
}

function groups(registry: Registry, foreign: readonly string[]): readonly Group[] {
  const found = new Map<string, Set<string>>();
  const served = registry.all().map((kind) => kind.apiVersion);
  for (const apiVersion of [...served, ...foreign]) {
    const [group, version] = apiVersion.split('/');
    if (group === undefined || version === undefined) continue;
    found.set(group, (found.get(group) ?? new Set()).add(version));
  }
  return [...found].map(([name, versions]) => {
    const list = [...versions].sort(byPriority).map((version) => ({ groupVersion: `${name}/${version}`, version }));
    return { name, versions: list, preferredVersion: list[0] };
  });
}

/** Kubernetes' order of versions: v2, v1, v2beta1, v1beta2, v1alpha1, then anything else. */
export function byPriority(one: string, other: string): number {
  const rank = (version: string): readonly number[] => {
    const [, major, stage, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version) ?? [];
    if (major === undefined) return [3, 0, 0];
    return [stage === undefined ? 0 : stage === 'beta' ? 1 : 2, -Number(major), -Number(minor ?? 0)];
  };
  const [a, b] = [rank(one), rank(other)];
  const at = a.findIndex((value, index) => value !== b[index]);
  return at === -1 ? (one < other ? -1 : 1) : (a[at] ?? 0) - (b[at] ?? 0);
}

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

function resources(groupVersion: string, kinds: readonly Kind[]): object {
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: kinds.flatMap(rows) };
}

function rows(kind: Kind): object[] {
  const { namespaced, singular, shortNames, categories } = kind;
  const row = {
    name: kind.plural,
    singularName: singular,
    namespaced,
    kind: kind.kind,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  };
  const below = kind.subresources.map((name) => ({
    name: `${kind.plural}/${name}`,
    singularName: '',
    namespaced,
    kind: name === 'scale' ? 'Scale' : kind.kind,
    verbs:
      name === 'log'
        ? ['get']
        : ['eviction', 'binding', 'token'].includes(name)
          ? ['create']
          : ['get', 'patch', 'update'],
  }));
  return [row, ...below];
}
