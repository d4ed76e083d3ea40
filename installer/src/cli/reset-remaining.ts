import { firstServer } from '#phases/k3s/k3s-site';
import { snapshotsOf } from '#phases/reset/cluster/snapshot-step';
import { type Remaining, remainingOn } from '#phases/reset/machine/remaining';
import type { ResetWish } from '#phases/reset/wish';
import type { World } from '#ports/world';
import { formatSize } from '#profile/units';
import { remainingScreen } from '#report/remaining-screen';
import type { GivenSite } from './site.ts';
import type { Terminal } from './terminal.ts';

/** Says what a reset has left behind, for people and for scripts. */
export async function tellRemaining(site: GivenSite, world: World, wish: ResetWish, terminal: Terminal): Promise<void> {
  const { profile, catalog } = site;
  const node = profile.nodes.find(({ name }) => isHere(world, name)) ?? firstServer(site);
  const host = world.host(node.name);
  if (host === undefined || host.outOfReach === true) {
    terminal.json({ version: 1, event: 'remaining', remaining: [], ways: [] });
    return terminal.print('the machines of the cluster were not touched; each is reset on itself\n');
  }
  const { cluster, bundle, clock } = world;
  const sight = { host, cluster, bundle, now: () => clock.now(), intended: () => false, agreed: () => false };
  const remaining = await remainingOn({ profile, catalog, node }, wish, sight);
  const ways = wish.keepData ? waysBack(site, wish) : [];
  terminal.json({ version: 1, event: 'remaining', remaining, ways });
  const { columns, paint } = terminal;
  terminal.print(remainingScreen(remaining.map(inWords), { columns, paint, ways }));
}

function isHere(world: World, name: string): boolean {
  const host = world.host(name);
  return host !== undefined && host.outOfReach !== true;
}

function inWords({ size, ...row }: Remaining) {
  return { ...row, ...(size === undefined ? {} : { size: formatSize(size) }) };
}

/** What was kept is only worth something to somebody who knows the way back. */
function waysBack(site: GivenSite, { reach }: ResetWish): readonly string[] {
  const whole = [
    'the whole cluster, with its virtual machines:',
    `  novasphere apply ${site.file}          then`,
    '  systemctl stop k3s',
    '  k3s server --cluster-reset \\',
    `    --cluster-reset-restore-path=${snapshotsOf(site)}/FILE`,
    '  systemctl start k3s',
  ];
  const single = [
    'one disk, from its directory on the machine that has it:',
    '  longhornctl export replica --name DIRECTORY --target-dir DIR',
  ];
  return reach === 'machine and cluster' ? [...whole, ...single] : single;
}
