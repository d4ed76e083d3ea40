import { existsSync } from 'node:fs';
import { localHost } from '#adapters/local-host';
import { systemClock } from '#adapters/system-clock';
import { readIdentity } from '#facts/machine-identity';
import { readInventory } from '#facts/read-inventory';
import type { Transport } from '#kube/transport';
import type { World } from '#ports/world';
import { lateTransport, realWorld } from '#world/real';
import type { Call } from './call.ts';
import { givenCluster } from './given-cluster.ts';
import { bundleFor } from './own-bundle.ts';
import { givenKubeconfig, ownKubeconfig, ownNodes } from './own-cluster.ts';
import { placeOf } from './place.ts';
import type { GivenSite } from './site.ts';

/** What this machine is to profile and cluster, and how the cluster is reached. */
interface Seat {
  readonly node: string | undefined;
  readonly transport: Transport;
  /** Where a cluster is that was named. */
  readonly server?: string;
}

const seats = new WeakMap<Call, Promise<Seat>>();

/**
 * This machine as the node of the profile that it is, if any, with its bundle and its cluster. One call asks once who it
 * is. `inspect`: looking only; a cluster that is not there yet counts as an empty one, and a bundle may be made up.
 */
export async function worldHere(
  site: GivenSite,
  call: Call,
  mode: 'inspect' | 'apply',
  installs = mode === 'apply',
): Promise<World> {
  const asked = seats.get(call) ?? seatOf(site, call);
  seats.set(call, asked);
  const { node, transport, server } = await asked;
  const bundle = await bundleFor(site, call, { mode, installs, isRemote: node === undefined });
  const isAbsent = mode === 'inspect' && server === undefined && !existsSync(ownKubeconfig);
  const reached = { transport: isAbsent ? undefined : transport, ...(server === undefined ? {} : { server }) };
  return realWorld({ node, bundle, ...reached });
}

async function seatOf(site: GivenSite, call: Call): Promise<Seat> {
  const { profile, catalog } = site;
  const tell = (text: string) => call.terminal.tell(text);
  const given = givenKubeconfig(call);
  const host = localHost(profile.metadata.name);
  const own = lateTransport(ownKubeconfig);
  const cluster =
    given === undefined ? { transport: own, nodes: await ownNodes(own) } : await givenCluster(given, catalog, tell);
  const [machine, { machine: hardware }] = await Promise.all([
    readIdentity(host),
    readInventory(host, systemClock().now()),
  ]);
  const kubeconfig = given === undefined ? 'own' : 'given';
  const { node, warnings } = placeOf({ profile, kubeconfig, machine, hardware, nodes: cluster.nodes });
  for (const warning of warnings) tell(`${warning}\n`);
  return { node, transport: cluster.transport, ...('server' in cluster ? { server: cluster.server } : {}) };
}
