import type { HostSight } from '#ports/host';

const usual = '/var/lib/rancher/k3s';

/** Where k3s keeps its data on a machine, for whoever has no profile at hand. */
export async function k3sDataDirectory(host: HostSight): Promise<string> {
  const config = await host.read('/etc/rancher/k3s/config.yaml');
  return /^data-dir:\s*["']?([^"'\s]+)/m.exec(config ?? '')?.[1] ?? usual;
}
