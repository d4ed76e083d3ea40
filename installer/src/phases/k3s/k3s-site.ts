import type { Asset, ComponentName } from '#catalog/catalog';
import type { Site } from '#plan/plan';
import type { Inventory } from '#ports/facts';
import type { Node } from '#profile/schema';

/** What the k3s phase has to know of its site, in one place. */

export const binary = '/usr/local/bin/k3s';
export const configFile = '/etc/rancher/k3s/config.yaml';
export const registriesFile = '/etc/rancher/k3s/registries.yaml';
export const tokenFile = '/etc/rancher/k3s/token';
export const resolverFile = '/etc/rancher/k3s/resolv.conf';

export function firstServer({ profile }: Pick<Site, 'profile'>): Node {
  const found = profile.nodes.find((node) => node.role === 'server');
  if (found === undefined) throw new Error('a profile without a server was let through');
  return found;
}

export function isFirstServer(site: Site): boolean {
  return firstServer(site).name === site.node.name;
}

export function unitOf({ node }: Pick<Site, 'node'>): string {
  return node.role === 'server' ? 'k3s.service' : 'k3s-agent.service';
}

export function unitFile(site: Pick<Site, 'node'>): string {
  return `/etc/systemd/system/${unitOf(site)}`;
}

export function environmentFile(site: Pick<Site, 'node'>): string {
  return `${unitFile(site)}.env`;
}

export function kubeletFile({ profile }: Pick<Site, 'profile'>): string {
  return `${profile.cluster.k3s.dataDir}/agent/etc/kubelet.conf.d/90-novasphere.conf`;
}

/** What the profile switches on; k3s itself and what proves it are always there. */
export function enabledComponents({ profile: { components } }: Pick<Site, 'profile'>): readonly ComponentName[] {
  const { longhorn, multus, nmstate, kubevirt, cdi, certManager, operator } = components;
  const switches: readonly (readonly [ComponentName, boolean])[] = [
    ['k3s', true],
    ['snapshotter', longhorn.enabled],
    ['longhorn', longhorn.enabled],
    ['multus', multus.enabled],
    ['nmstate', nmstate.enabled],
    ['kubevirt', kubevirt.enabled],
    ['cdi', cdi.enabled],
    ['cert-manager', certManager.enabled],
    ['operator', operator.enabled],
    ['sample-vm', kubevirt.enabled],
  ];
  return switches.filter(([, isOn]) => isOn).map(([name]) => name);
}

/** The assets under a folder of the bundle that this machine needs. */
export function assetsUnder(site: Site, folder: string, { cpu }: Inventory): readonly Asset[] {
  return enabledComponents(site)
    .flatMap((name) => site.catalog.components[name].assets)
    .filter(({ path }) => path.startsWith(`${folder}/`))
    .filter(({ architecture }) => architecture === undefined || architecture === cpu.architecture);
}
