import type { Change } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Inventory } from '#ports/facts';
import type { HostSight } from '#ports/host';
import { isActive } from '../../verbs/host-unit.ts';
import { uplinkOf } from '../../verbs/node-network.ts';
import { kernelArguments } from '../kernel-arguments.ts';
import { pinnedNics } from '../nic-names.ts';
import { isChangedSinceBoot } from './since-boot.ts';

/** What the running system has otherwise than the files say that it will boot with. */
export async function bootDifferences(site: Site, host: HostSight, facts: Inventory): Promise<readonly Change[]> {
  return [...commandLine(site, facts), ...names(site, facts), ...(await network(site, host, facts))];
}

async function network(site: Site, host: HostSight, facts: Inventory): Promise<readonly Change[]> {
  const state = await uplinkState(site, host);
  if (!isTaken(state)) return [handOver(site)];
  const changes = [...bridges(site, facts), ...addresses(site, facts, state)];
  if (await isActive(host, 'systemd-networkd.service'))
    changes.push(restart({ what: 'systemd-networkd.service', from: 'running', to: 'stopped' }));
  if (await isChangedSinceBoot(host))
    changes.push(restart({ what: 'network configuration', from: 'as it was at boot', to: 'as the profile says' }));
  return changes;
}

/** NetworkManager's word for the state of the node's uplink; undefined when it does not know the interface. */
export async function uplinkState({ node }: Site, host: HostSight): Promise<string | undefined> {
  const { stdout } = await host.ask(['nmcli', '-t', '-f', 'DEVICE,STATE', 'device']);
  const uplink = `${uplinkOf(node)}:`;
  return stdout
    .split('\n')
    .find((line) => line.startsWith(uplink))
    ?.slice(uplink.length);
}

function commandLine(site: Site, facts: Inventory): readonly Change[] {
  const live = ` ${facts.kernel.cmdline} `;
  return kernelArguments(site, facts)
    .filter((words) => !live.includes(` ${words} `))
    .map((words) => restart({ what: `kernel argument ${words}`, from: 'absent', to: 'in effect' }));
}

function names({ node }: Site, { nics }: Inventory): readonly Change[] {
  return pinnedNics(node, nics)
    .filter(({ name, nic }) => nic.name !== name)
    .map(({ name, nic }) => restart({ what: `network interface ${nic.mac}`, from: nic.name, to: name }));
}

/** `connected (externally)` is what NetworkManager says of an interface that somebody else configured. */
function isTaken(state: string | undefined): state is string {
  return state !== undefined && !/unmanaged|externally/.test(state);
}

function handOver({ node }: Site): Change {
  const what = `network of ${uplinkOf(node)}`;
  return restart({ what, from: 'as the system was installed', to: 'by NetworkManager, as the profile says' });
}

function bridges({ node }: Site, { nics }: Inventory): readonly Change[] {
  return node.network.bridges
    .filter(({ name }) => !nics.some((nic) => nic.name === name))
    .map(({ name }) => restart({ what: `bridge ${name}`, from: 'absent', to: 'there' }));
}

function addresses({ node }: Site, { nics }: Inventory, state: string): readonly Change[] {
  const uplink = uplinkOf(node);
  const live = nics.find((nic) => nic.name === uplink)?.addresses ?? [];
  // While it is still connecting, the gate waits instead.
  if (state !== 'connected') return [];
  return (node.network.management.addresses ?? [])
    .filter((address) => !live.includes(address))
    .map((address) => restart({ what: `address ${address} of ${uplink}`, from: 'absent', to: 'in effect' }));
}

function restart(change: Change): Change {
  return { ...change, restarts: 'machine' };
}
