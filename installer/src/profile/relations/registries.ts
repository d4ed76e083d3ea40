/** Image registries: what would never be looked up. */
import type { Look } from '../look.ts';
import type { Path } from '../mistake.ts';

export function mirrorsHaveNames(look: Look): void {
  const { mirrors = {}, configs = {} } = look.profile.cluster.registries;
  const base: Path = ['cluster', 'registries'];
  for (const name of Object.keys(mirrors)) {
    if (name === '*')
      look.say([...base, 'mirrors', name], {
        message: 'a mirror for * would stand for every registry, also for those that the bundle has brought along',
        right: 'name each registry: docker.io, quay.io, ghcr.io, registry.k8s.io',
      });
    if (name === 'index.docker.io' || name === 'registry-1.docker.io')
      look.say([...base, 'mirrors', name], {
        message: `images are never asked for at ${name}`,
        right: 'write docker.io',
      });
  }
  const known = new Set([
    ...Object.keys(mirrors),
    ...Object.values(mirrors).flatMap(({ endpoint }) => endpoint.map((url) => hostOf(url))),
  ]);
  for (const name of Object.keys(configs)) {
    if (known.has(name) || known.size === 0) continue;
    look.say([...base, 'configs', name], {
      severity: 'warning',
      message: `no mirror asks ${name}`,
      right: `a config is for the host that is really asked: ${[...known].join(', ')}`,
    });
  }
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? url;
}
