import type { Change, Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Host, HostSight } from '#ports/host';
import { isFirstServer, unitOf } from '../../k3s/k3s-site.ts';
import { finding } from '../../verbs/finding.ts';
import { enablement, isActive } from '../../verbs/host-unit.ts';
import type { ResetWish } from '../wish.ts';
import { noteEmptied } from './emptied.ts';

const pods = 'kubepods.slice';

/** k3s and every pod on this machine, now and at every boot. k3s alone would leave the pods running. */
export function k3sStopped(site: Site, { reach }: ResetWish): Step {
  const unit = unitOf(site);
  const override = `/run/systemd/system/${unit}.d/90-reset.conf`;
  return {
    id: 'reset-k3s/stop',
    title: 'Stop k3s and every pod',
    probe: async ({ host }) => finding(await changesFor(host, unit, override)),
    async apply({ host }) {
      // Before anything else: once k3s is off, nobody can ask the cluster whether it is empty.
      if (reach === 'machine and cluster' && isFirstServer(site)) await noteEmptied(host);
      if ((await enablement(host, unit)) === 'enabled') await host.run(['systemctl', 'disable', unit]);
      if (await isActive(host, unit)) await stopWhole(host, unit, override);
      if (await isActive(host, pods)) await host.run(['systemctl', 'stop', pods]);
      await host.remove(override);
    },
  };
}

/** Its unit leaves the pods alone at a stop; this once everything in it ends, containerd's helpers too. */
async function stopWhole(host: Host, unit: string, override: string): Promise<void> {
  await host.write(override, '[Service]\nKillMode=mixed\n');
  await host.run(['systemctl', 'daemon-reload']);
  await host.run(['systemctl', 'stop', unit]);
}

async function changesFor(host: HostSight, unit: string, override: string): Promise<readonly Change[]> {
  const [isRunning, state, hasPods] = [
    await isActive(host, unit),
    await enablement(host, unit),
    await isActive(host, pods),
  ];
  return [
    ...(isRunning ? [{ what: unit, from: 'running', to: 'stopped' }] : []),
    ...(state === 'enabled' ? [{ what: unit, from: 'started at every boot', to: 'never started' }] : []),
    ...(hasPods ? [{ what: 'pods on this machine', from: 'running', to: 'ended' }] : []),
    ...((await host.look(override)) === undefined
      ? []
      : [{ what: override, from: 'needed for the stop', to: 'absent' }]),
  ];
}
