import { basename } from 'node:path/posix';
import { type Asset, type ComponentName, imageArchive } from '#catalog/catalog';
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

/** The k3s of the bundle that this machine needs. */
export function k3sAsset({ catalog }: Pick<Site, 'catalog'>, facts: Inventory): Asset | undefined {
  return catalog.components.k3s.assets.find(under('bin', facts));
}

/** The archives of the bundle that hold the images of this machine: those that a component brings itself, and the one. */
export function archivesOf(site: Site, facts: Inventory): readonly string[] {
  const own = enabledAssets(site).filter(under('images', facts));
  return [...own.map(({ path }) => path), imageArchive(facts.cpu.architecture)];
}

/** What people at this machine type, beside kubectl: `bin/virtctl`, `bin/longhornctl`. */
export function toolsOf(site: Site, facts: Inventory): readonly Asset[] {
  const k3s = site.catalog.components.k3s.assets;
  return enabledAssets(site).filter((asset) => under('bin', facts)(asset) && !k3s.includes(asset));
}

/** Where tools may lie on this machine, whatever it is: those of components that were switched off since, too. */
export function toolPaths({ catalog, node }: Pick<Site, 'catalog' | 'node'>): readonly string[] {
  if (node.role !== 'server') return [];
  const components = Object.values(catalog.components).filter(({ name }) => name !== 'k3s');
  const assets = components.flatMap((component) => component.assets);
  return [...new Set(assets.filter(({ path }) => path.startsWith('bin/')).map(toolPath))];
}

/** Where a tool of the bundle lies on the machine: `bin/virtctl-arm64` is called virtctl there. */
export function toolPath({ path, architecture }: Asset): string {
  return `/usr/local/bin/${basename(path).replace(new RegExp(`-${architecture}$`), '')}`;
}

function enabledAssets(site: Site): readonly Asset[] {
  return enabledComponents(site).flatMap((name) => site.catalog.components[name].assets);
}

function under(folder: string, { cpu }: Inventory): (asset: Asset) => boolean {
  return ({ path, architecture }) =>
    path.startsWith(`${folder}/`) && (architecture === undefined || architecture === cpu.architecture);
}
