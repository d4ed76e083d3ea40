import type { Change, Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { HostSight } from '#ports/host';
import { binary, environmentFile, toolPaths, unitFile } from '../../k3s/k3s-site.ts';
import { kubectlPath } from '../../k3s/kubectl.ts';
import { finding } from '../../verbs/finding.ts';
import type { ResetWish } from '../wish.ts';

const stateFolder = '/var/lib/novasphere';

/** Directories of k3s and the kubelet; never across the border of a file system, where somebody else's data begins. */
const folders = [
  '/etc/rancher/k3s',
  '/etc/rancher/node',
  '/var/lib/kubelet',
  '/var/lib/cni',
  '/run/k3s',
  '/run/flannel',
  '/var/log/pods',
  '/var/log/containers',
];

/** What k3s left on the disk, but for what may be somebody's only copy. */
export function k3sFilesGone(site: Site, wish: ResetWish): Step {
  return {
    id: 'reset-k3s/files',
    title: 'Remove k3s and its data',
    async probe({ host }) {
      const there = await filesOf(site, wish, host);
      return finding(there.map((path): Change => ({ what: path, from: 'there', to: 'absent' })));
    },
    async apply({ host }) {
      for (const path of await filesOf(site, wish, host)) {
        const isFolder = (await host.look(path))?.kind === 'directory';
        if (isFolder) await host.run(['rm', '-rf', '--one-file-system', path]);
        else await host.remove(path);
      }
      await host.run(['systemctl', 'daemon-reload']);
    },
  };
}

/** Inside the data directory: volumes of k3s's own provisioner, and with `keepData` what the cluster comes back from. */
export function keptBelow({ profile }: Pick<Site, 'profile'>, { keepData }: ResetWish): readonly string[] {
  const { dataDir } = profile.cluster.k3s;
  return [`${dataDir}/storage`, ...(keepData ? [`${dataDir}/server/db/snapshots`, `${dataDir}/server/token`] : [])];
}

async function filesOf(site: Site, wish: ResetWish, host: HostSight): Promise<readonly string[]> {
  const { dataDir } = site.profile.cluster.k3s;
  const notes = ['k3s-started-with', 'images-imported', 'images-importing', 'images-brought'].map(
    (name) => `${stateFolder}/${name}`,
  );
  const tools = toolPaths(site);
  const single = [...folders, environmentFile(site), unitFile(site), ...notes, binary, ...tools];
  const ours = (await isOurKubectl(host)) ? [kubectlPath] : [];
  const there = await Promise.all(single.map(async (path) => ((await host.look(path)) === undefined ? [] : [path])));
  return [...(await below(dataDir, keptBelow(site, wish), host)), ...ours, ...there.flat()];
}

/** The largest parts of a folder that hold nothing which is kept. */
async function below(folder: string, kept: readonly string[], host: HostSight): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await host.list(folder)) {
    const path = `${folder}/${name}`;
    if (kept.includes(path)) continue;
    if (kept.some((one) => one.startsWith(`${path}/`))) found.push(...(await below(path, kept, host)));
    else found.push(path);
  }
  return found;
}

/** A kubectl that runs the k3s which is gone is of no use; one from a package stays. */
async function isOurKubectl(host: HostSight): Promise<boolean> {
  const facts = await host.look(kubectlPath);
  if (facts === undefined || facts.size >= 1000) return false;
  return (await host.read(kubectlPath))?.includes(`${binary} kubectl`) === true;
}
