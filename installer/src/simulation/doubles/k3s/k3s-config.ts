import { loadAll } from 'js-yaml';
import type { Json } from '#kube/json';
import type { Machine } from '../../bench.ts';

/** What k3s on a machine was told in /etc/rancher/k3s/config.yaml and config.yaml.d, with its own defaults. */
export interface K3sConfig {
  readonly dataDir: string;
  readonly nodeName: string;
  readonly server: boolean;
  readonly etcd: boolean;
  readonly clusterCidr: string;
  readonly serviceCidr: string;
  readonly clusterDns: string;
  readonly disabled: ReadonlySet<string>;
  readonly kubeletArgs: readonly string[];
  readonly labels: readonly string[];
  readonly taints: readonly string[];
}

const FOLDER = '/etc/rancher/k3s';
const SETTINGS = `${FOLDER}/config.yaml`;

/** Whether k3s runs on the machine now. */
export function runsK3s(machine: Machine): boolean {
  return machine.on && units.some((unit) => machine.isActive(unit));
}

const units = ['k3s', 'k3s-agent', 'k3s.service', 'k3s-agent.service'];

export function k3sConfig(machine: Machine): K3sConfig {
  const values = settings(machine);
  const agent = machine.isActive('k3s-agent') || machine.isActive('k3s-agent.service');
  const serviceCidr = words(values['service-cidr'])[0] ?? '10.43.0.0/16';
  return {
    dataDir: String(values['data-dir'] ?? '/var/lib/rancher/k3s').replace(/\/$/, ''),
    nodeName: String(values['node-name'] ?? machine.name).toLowerCase(),
    server: !agent,
    etcd: !agent && (values['cluster-init'] === true || values['server'] !== undefined),
    clusterCidr: words(values['cluster-cidr'])[0] ?? '10.42.0.0/16',
    serviceCidr,
    clusterDns: words(values['cluster-dns'])[0] ?? serviceCidr.replace(/\.\d+\/\d+$/, '.10'),
    disabled: new Set(words(values['disable'])),
    kubeletArgs: words(values['kubelet-arg']),
    labels: words(values['node-label']),
    taints: words(values['node-taint']),
  };
}

/** config.yaml first, then config.yaml.d in the order of names; a later value replaces, one under `key+` adds (docs.k3s.io). */
function settings(machine: Machine): Record<string, Json> {
  const extra = machine
    .list(`${SETTINGS}.d`)
    .map((entry) => (entry.startsWith('/') ? entry : `${SETTINGS}.d/${entry}`))
    .filter((path) => /\.ya?ml$/.test(path))
    .toSorted();
  const values: Record<string, Json> = {};
  for (const path of [SETTINGS, ...extra]) {
    const told = loadAll(machine.read(path) ?? '')[0] ?? {};
    for (const [key, value] of Object.entries(told)) {
      if (key.endsWith('+')) values[key.slice(0, -1)] = [...words(values[key.slice(0, -1)]), ...words(value)];
      else values[key] = value;
    }
  }
  return values;
}

function words(value: Json): string[] {
  if (value === undefined || value === null) return [];
  return (Array.isArray(value) ? value : [value])
    .flatMap((one: Json) => String(one).split(','))
    .map((one) => one.trim());
}
