import type { Step } from '#engine/step';
import type { Host, HostSight } from '#ports/host';
import { binary } from '../../k3s/k3s-site.ts';
import { finding } from '../../verbs/finding.ts';
import { enablement, isActive } from '../../verbs/host-unit.ts';

/** Written when everything of the platform has left the cluster, before its k3s is stopped for good. */
export const emptiedNote = '/var/lib/novasphere/cluster-emptied';
const unit = 'k3s.service';

export async function noteEmptied(host: Host): Promise<void> {
  await host.write(emptiedNote, '1\n');
}

/**
 * Whether this machine has no cluster any more that could be asked: k3s is off it, or a reset has emptied the cluster
 * and switched its k3s off. A note alone says nothing: somebody may have installed again since.
 */
export async function isEmptied(host: HostSight): Promise<boolean> {
  if (host.outOfReach === true) return false;
  const isOff = !(await isActive(host, unit)) && (await enablement(host, unit)) !== 'enabled';
  if (!isOff) return false;
  if ((await host.look(emptiedNote)) !== undefined) return true;
  return (await host.look(binary)) === undefined && (await host.look(`/etc/systemd/system/${unit}`)) === undefined;
}

/** A step on the cluster, for as long as there is one. */
export function onCluster(step: Step): Step {
  const note = 'there is no cluster any more';
  return {
    ...step,
    probe: async (sight) => ((await isEmptied(sight.host)) ? finding([], [note]) : step.probe(sight)),
  };
}
