import type { Site } from '#plan/plan';
import type { Sight } from '#ports/world';
import { archivesOf } from '../k3s/k3s-site.ts';
import { factsOf } from '../verbs/host-facts.ts';
import type { Part } from '../verbs/host-part.ts';

const prefix = 'before-';

/**
 * Until everything is of the new release the old one is needed as well: a store of images that has to be made anew after a
 * power cut would else lack what still runs, and the engines of volumes with it.
 */
export function archivesKept(site: Site): Part {
  const directory = directoryOf(site);
  const outdated = async (sight: Sight): Promise<readonly string[]> => {
    const there = await sight.host.list(directory);
    const names: string[] = [];
    for (const path of archivesOf(site, await factsOf(sight))) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      if (!there.includes(name) || there.includes(`${prefix}${name}`)) continue;
      if ((await sight.host.digest(`${directory}/${name}`)) !== (await sight.bundle.file(path)).sha256)
        names.push(name);
    }
    return names;
  };
  return {
    changes: async (sight) =>
      (await outdated(sight)).map((name) => ({ what: `${directory}/${name}`, to: `kept as ${prefix}${name}` })),
    async make(stage) {
      for (const name of await outdated(stage))
        await stage.host.run(['mv', `${directory}/${name}`, `${directory}/${prefix}${name}`]);
    },
  };
}

/** Nothing of the old release runs any more, but for machines, which have their images in use. */
export function keptArchivesGone(site: Site): Part {
  const directory = directoryOf(site);
  const kept = async ({ host }: Pick<Sight, 'host'>) =>
    (await host.list(directory)).filter((name) => name.startsWith(prefix)).map((name) => `${directory}/${name}`);
  return {
    changes: async (sight) => (await kept(sight)).map((path) => ({ what: path, from: 'kept', to: 'removed' })),
    async make(stage) {
      for (const path of await kept(stage)) await stage.host.remove(path);
    },
  };
}

function directoryOf({ profile }: Site): string {
  return `${profile.cluster.k3s.dataDir}/agent/images`;
}
