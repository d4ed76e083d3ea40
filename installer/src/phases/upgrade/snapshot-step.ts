import { createHash } from 'node:crypto';
import { Fault } from '#engine/fault';
import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { HostSight } from '#ports/host';
import { binary, unitOf } from '../k3s/k3s-site.ts';
import { blocked, finding } from '../verbs/finding.ts';
import { isActive } from '../verbs/host-unit.ts';
import { journeyOn, wantedBy } from './versions-step.ts';

/** A snapshot that is older than this would lose too much when it is restored. */
const fresh = 24 * 60 * 60;

/** The way back: everything that Kubernetes knows, kept before it is changed. Once for each target, unless that is long ago. */
export function etcdKept(site: Site): Step {
  const name = snapshotName(site);
  const directory = `${site.profile.cluster.k3s.dataDir}/server/db/snapshots`;
  return {
    id: 'upgrade/etcd-snapshot',
    title: 'Keep a snapshot of etcd',
    async probe(sight) {
      const { changes } = await journeyOn(site, sight);
      if (changes.length === 0) return finding([]);
      if (!(await isServerHere(site, sight.host)))
        return site.withoutSnapshot === true ? finding([], [agreed]) : blocked(noSnapshot(sight.host.name));
      const kept = await youngest(sight.host, directory, name);
      if (kept !== undefined && sight.now() / 1000 - kept.at < fresh) return finding([], [`kept in ${kept.path}`]);
      return finding([{ what: `${directory}/${name}`, to: 'a snapshot of everything that Kubernetes knows' }]);
    },
    async apply({ host }) {
      await host.run(['k3s', 'etcd-snapshot', 'save', '--name', name]);
    },
  };
}

const agreed = 'no snapshot of etcd was taken: --without-snapshot agreed to that';

/** The same for every run towards the same versions, so that a run that was cut does not begin with another one. */
function snapshotName(site: Site): string {
  const target = createHash('sha256')
    .update(JSON.stringify(wantedBy(site)))
    .digest('hex')
    .slice(0, 8);
  return `novasphere-before-${target}`;
}

async function isServerHere(site: Site, host: HostSight): Promise<boolean> {
  return host.outOfReach !== true && (await host.look(binary)) !== undefined && (await isActive(host, unitOf(site)));
}

/** k3s adds the node and the time in seconds to the name. */
async function youngest(
  host: HostSight,
  directory: string,
  name: string,
): Promise<{ path: string; at: number } | undefined> {
  const files = (await host.list(directory)).filter(
    (file) => file.startsWith(`${name}-`) && /-\d+(\.zip)?$/.test(file),
  );
  const dated = files.map((file) => ({ path: `${directory}/${file}`, at: Number(/-(\d+)(\.zip)?$/.exec(file)?.[1]) }));
  return dated.toSorted((one, other) => other.at - one.at)[0];
}

function noSnapshot(host: string): Fault {
  return new Fault({
    code: 'CONSENT-MISSING',
    message: 'no snapshot of etcd can be taken from here, and without one there is no way back',
    cause: `${host} runs no server of this cluster: it is only reached through its kubeconfig`,
    remedy: [
      'k3s etcd-snapshot save          on the first server of the cluster, or what keeps its datastore',
      'novasphere upgrade PROFILE --bundle DIR --without-snapshot          once that is done',
    ],
  });
}
