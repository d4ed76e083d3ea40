import { Fault } from '#engine/fault';
import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { HostSight } from '#ports/host';
import { firstServer } from '../../k3s/k3s-site.ts';
import { blocked, finding } from '../../verbs/finding.ts';
import { sessionsOf } from './iscsi.ts';
import { mountsOf } from './mounts.ts';

/** A machine that cannot ask the cluster can still see whether anybody uses its volumes. */
export function notInUse(site: Site): Step {
  return {
    id: 'reset-k3s/in-use',
    title: 'See that nobody uses volumes on this machine',
    async probe({ host }) {
      const open = await openVolumes(host);
      return open.length === 0 ? finding([]) : blocked(stillOpen(site, open));
    },
    apply: async () => {},
  };
}

async function openVolumes(host: HostSight): Promise<readonly string[]> {
  const mounted = (await mountsOf(host)).map((path) => /kubernetes\.io~csi\/([^/]+)\/mount$/.exec(path)?.[1]);
  const attached = (await sessionsOf(host)).map(({ target }) => target.slice(target.lastIndexOf(':') + 1));
  return [...new Set([...mounted.filter((one) => one !== undefined), ...attached])];
}

function stillOpen(site: Site, volumes: readonly string[]): Fault {
  const first = firstServer(site).name;
  const which = volumes.length === 1 ? 'a volume is' : `${volumes.length} volumes are`;
  return new Fault({
    code: 'NODES-REMAIN',
    message: `${which} in use on ${site.node.name}`,
    cause: `the platform has not been taken off the cluster yet, which is done on ${first}`,
    evidence: volumes.slice(0, 5),
    remedy: [
      `novasphere reset PROFILE          on ${first}, until it asks for this machine`,
      'novasphere reset PROFILE --host-only          when that cluster is lost: whatever runs here is ended',
    ],
  });
}
