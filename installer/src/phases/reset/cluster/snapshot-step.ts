import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Sight } from '#ports/world';
import { binary } from '../../k3s/k3s-site.ts';
import { finding } from '../../verbs/finding.ts';

/** Where k3s keeps snapshots of its database. */
export function snapshotsOf({ profile }: Pick<Site, 'profile'>): string {
  return `${profile.cluster.k3s.dataDir}/server/db/snapshots`;
}

/** The cluster as it was with its virtual machines: with it and the data of the volumes all of it can come back. */
export function clusterSaved(site: Site): Step {
  const folder = snapshotsOf(site);
  const find = async (sight: Sight) => {
    const name = await nameFor(sight);
    return { name, file: (await sight.host.list(folder)).find((one) => one.startsWith(name)) };
  };
  return {
    id: 'reset-workloads/save-cluster',
    title: 'Save the database of the cluster',
    async probe(sight) {
      const { name, file } = await find(sight);
      if (file !== undefined) return finding([], [`saved as ${folder}/${file}`]);
      return finding([{ what: `${folder}/${name}-…`, to: 'a snapshot of etcd' }]);
    },
    async apply(stage) {
      const { name, file } = await find(stage);
      if (file === undefined) await stage.host.run([binary, 'etcd-snapshot', 'save', '--name', name]);
    },
  };
}

/** One snapshot a cluster: when this run is repeated, the machines may be gone already. */
async function nameFor({ cluster }: Sight): Promise<string> {
  const system = await cluster.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' });
  return `novasphere-reset-${(system?.metadata.uid ?? 'unknown').slice(0, 8)}`;
}
