import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openBundle } from '#adapters/directory-bundle';
import { localHost } from '#adapters/local-host';
import { systemClock } from '#adapters/system-clock';
import { Fault } from '#engine/fault';
import { readInventory } from '#facts/read-inventory';
import type { Bundle } from '#ports/bundle';
import type { World } from '#ports/world';
import { nodeOf } from '#profile/match';
import { realWorld } from '#world/real';
import type { Call } from './call.ts';
import { type GivenSite, releaseRoot } from './site.ts';

/** Where the ISO puts the bundle. */
export const usualBundle = '/opt/novasphere/bundle';

/** This machine as the node of the profile that it is, with its bundle and its cluster. */
export async function worldHere(site: GivenSite, call: Call, mode: 'inspect' | 'apply'): Promise<World> {
  const { options, terminal } = call;
  const [inventory, bundle] = await Promise.all([
    readInventory(localHost(site.profile.metadata.name), systemClock().now()),
    bundleFor(site, call, mode),
  ]);
  const which = nodeOf(site.profile, inventory);
  if ('fault' in which) throw which.fault;
  for (const warning of which.warnings) terminal.tell(`${warning}\n`);
  const kubeconfig = options.text('kubeconfig') ?? '/etc/rancher/k3s/k3s.yaml';
  return realWorld({ node: which.node.name, bundle, kubeconfig, mode });
}

async function bundleFor(site: GivenSite, { options, terminal }: Call, mode: 'inspect' | 'apply'): Promise<Bundle> {
  const directory = options.text('bundle') ?? (existsSync(usualBundle) ? usualBundle : undefined);
  if (directory !== undefined) return openBundle(directory);
  if (mode === 'apply') throw withoutBundle();
  const { rehearsedBundle } = await import('#simulation/bundle/rehearsed-bundle');
  const bundle = rehearsedBundle(site.catalog, join(releaseRoot, '../shared/upstream'));
  terminal.tell(`no bundle given (--bundle DIR); what one would hold is ${bundle.place}\n`);
  return bundle;
}

function withoutBundle(): Fault {
  return new Fault({
    code: 'BUNDLE-UNREADABLE',
    message: 'there is nothing to install from',
    cause: `no --bundle was given, and ${usualBundle} is not there`,
    remedy: ['novasphere apply PROFILE --bundle DIR', 'boot the machine from the ISO, which carries the bundle'],
  });
}
