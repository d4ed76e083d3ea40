import type { Site } from '#plan/plan';
import { hostOf } from '#profile/host-of';
import { addressOf, uplinkOf } from '../verbs/node-network.ts';
import { firstServer, isFirstServer, resolverFile, tokenFile } from './k3s-site.ts';

/** What the kernel's resolver list of systemd-resolved holds: real servers, never the stub at 127.0.0.53. */
const resolved = '/run/systemd/resolve/resolv.conf';

/** /etc/rancher/k3s/config.yaml (docs.k3s.io/cli/server, docs.k3s.io/cli/agent). */
export function configOf(site: Site): object {
  return { ...onEveryNode(site), ...(site.node.role === 'server' ? onServers(site) : joining(site)) };
}

function onEveryNode(site: Site): object {
  const { profile, node } = site;
  const { dataDir, token } = profile.cluster.k3s;
  const address = addressOf(node);
  return {
    'data-dir': dataDir,
    'node-name': node.name,
    ...(address === undefined ? {} : { 'node-ip': address }),
    // Without it flannel takes the interface of the default route, whichever that is.
    'flannel-iface': uplinkOf(node),
    'resolv-conf': lacksResolver(site) ? resolverFile : resolved,
    // CDI writes to block volumes as another user than root (CDI, doc/block_cri_ownership_config.md).
    'nonroot-devices': true,
    'prefer-bundled-bin': true,
    ...(token === undefined ? {} : { 'token-file': tokenFile }),
    ...(profile.cluster.registries.mirrors === undefined ? {} : { 'disable-default-registry-endpoint': true }),
  };
}

function onServers(site: Site): object {
  const { clusterCidr, serviceCidr, tlsSans } = site.profile.cluster.k3s;
  const names = [...tlsSans, ...(site.node.network.management.addresses ?? []).map((one) => one.split('/')[0])];
  return {
    ...(isFirstServer(site) ? { 'cluster-init': true } : joining(site)),
    'cluster-cidr': clusterCidr,
    'service-cidr': serviceCidr,
    'tls-san': [...new Set([site.node.name, ...names])],
    // Longhorn brings the only default storage class; addresses of the LAN come from bridges.
    disable: ['traefik', 'servicelb', 'local-storage'],
    'secrets-encryption': true,
    'write-kubeconfig-mode': '0600',
  };
}

function joining(site: Site): object {
  const first = firstServer(site);
  return { server: `https://${addressOf(first) ?? first.name}:6443` };
}

/** No name server from the profile, and nobody who hands one out. */
export function lacksResolver({ profile, node }: Site): boolean {
  return hostOf(profile, node).dns.servers.length === 0 && !node.network.management.dhcp;
}

/** CoreDNS does not start with an empty list. The node itself refuses at once, where a name server does not exist. */
export function resolverOf({ node }: Site): string {
  return `nameserver ${addressOf(node) ?? '127.0.0.1'}\n`;
}
