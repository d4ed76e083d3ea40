import { uuidOf } from './boot-id.ts';
import { cpuManagerPolicy, dataDirOf, k3sBinary, k3sSettings } from './k3s-config.ts';
import { importImages } from './k3s-images.ts';
import type { SimulatedMachine } from './simulated-machine.ts';

const startTime = 8000;
const stateFile = '/var/lib/kubelet/cpu_manager_state';
const plugins = ['bandwidth', 'bridge', 'cni', 'firewall', 'flannel', 'host-local', 'loopback', 'portmap'];
const serverPorts = [6443, 10250, 2379, 2380];
const agentPorts = [10250];

/** Starts k3s until it says that it is ready; what it says when it ends before that. */
export async function startK3s(machine: SimulatedMachine, unit: string): Promise<string | undefined> {
  const { bootId } = machine;
  await machine.clock.sleep(startTime / 4);
  const reason = whyNot(machine, unit);
  if (reason !== undefined) return reason;
  layOut(machine, unit);
  await importImages(machine);
  if (!machine.on || machine.bootId !== bootId) return undefined;
  await machine.clock.sleep((startTime * 3) / 4);
  if (machine.on && machine.bootId === bootId) listen(machine, unit);
  return undefined;
}

/** Pods go on without k3s; only its own ports are closed. */
export function stopK3s(machine: SimulatedMachine): void {
  const others = machine.listeners.filter((one) => !one.process?.startsWith('k3s'));
  machine.listeners.splice(0, machine.listeners.length, ...others);
}

/** The last line of a k3s that cannot start, in its own words. */
function whyNot(machine: SimulatedMachine, unit: string): string | undefined {
  const fatal = (text: string) => `level=fatal msg="${text}"`;
  const { files, listeners, hardware, troubles } = machine;
  if (files.look(k3sBinary) === undefined)
    return `Failed at step EXEC spawning ${k3sBinary}: No such file or directory`;
  if (k3sSettings(machine) === undefined) return fatal('yaml: mapping values are not allowed in this context');
  if (troubles.diskFull) return fatal(`mkdir ${dataDirOf(machine)}/data: no space left on device`);
  const wanted = unit === 'k3s.service' ? serverPorts : agentPorts;
  const taken = listeners.find(
    (one) => one.protocol === 'tcp' && wanted.includes(one.port) && one.process !== undefined,
  );
  if (taken !== undefined) return fatal(`listen tcp :${taken.port}: bind: address already in use`);
  if (hardware.kernel.cgroup === 'v1') {
    return 'err="kubelet is configured to not run on a host using cgroup v1. cgroup v1 support is in maintenance mode"';
  }
  return otherPolicy(machine);
}

/** The kubelet refuses a checkpoint of another policy (Kubernetes, "Control CPU Management Policies"). */
function otherPolicy(machine: SimulatedMachine): string | undefined {
  const known = /"policyName":"(\w+)"/.exec(machine.files.read(stateFile) ?? '')?.[1];
  const policy = cpuManagerPolicy(machine);
  if (known === undefined || known === policy) return undefined;
  return `err="could not restore state from checkpoint: configured policy \\"${policy}\\" differs from state checkpoint policy \\"${known}\\""`;
}

/** The files that k3s makes for itself and for others. */
function layOut(machine: SimulatedMachine, unit: string): void {
  const { files } = machine;
  const dataDir = dataDirOf(machine);
  const etc = `${dataDir}/agent/etc`;
  const made: Readonly<Record<string, string>> = {
    [`${etc}/containerd/config.toml`]: containerdConfig(dataDir),
    [`${etc}/kubelet.conf.d/00-k3s-defaults.conf`]:
      'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n',
    [`${etc}/cni/net.d/10-flannel.conflist`]: `${JSON.stringify(flannel, undefined, 2)}\n`,
    [stateFile]: `{"policyName":"${cpuManagerPolicy(machine)}","defaultCpuSet":"","checksum":1353318690}`,
    [`${dataDir}/agent/containerd/io.containerd.metadata.v1.bolt/meta.db`]: '',
    ...Object.fromEntries(plugins.map((name) => [`${dataDir}/data/cni/${name}`, ''])),
  };
  for (const [path, text] of Object.entries(made)) files.put(path, text);
  if (unit === 'k3s.service') {
    if (files.look('/etc/rancher/k3s/k3s.yaml') === undefined)
      files.put('/etc/rancher/k3s/k3s.yaml', kubeconfig, 0o600);
    files.makeDirectory(`${dataDir}/server/db/etcd`, 0o700);
    if (files.look(databaseOf(machine)) === undefined)
      files.put(databaseOf(machine), `${machine.name}-${uuidOf(`${machine.name} ${machine.clock.now()}`)}`, 0o600);
  }
  for (const name of ['overlay', 'br_netfilter', 'vxlan']) machine.modules.add(name);
  machine.sysctl.set('net.ipv4.ip_forward', '1');
  machine.units.set('kubepods.slice', { enablement: 'static', active: 'active' });
}

/** Names the member of etcd on this machine: another name is another database. */
export function databaseOf(machine: SimulatedMachine): string {
  return `${dataDirOf(machine)}/server/db/etcd/name`;
}

/** What kube-proxy writes of the Service of the API server; it stays when k3s stops. */
const rules = [
  '*nat',
  ':KUBE-SERVICES - [0:0]',
  '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
  '-A KUBE-SERVICES -d 10.43.0.1/32 -p tcp -m tcp --dport 443 -j KUBE-SVC-NPX46M4PTMTKRN6Y',
  'COMMIT',
];

function listen(machine: SimulatedMachine, unit: string): void {
  machine.firewall = rules;
  stopK3s(machine);
  const server = unit === 'k3s.service';
  const process = server ? 'k3s-server' : 'k3s-agent';
  for (const port of server ? serverPorts : agentPorts) {
    const inside = port === 2379 || port === 2380;
    machine.listeners.push({ protocol: 'tcp', address: inside ? '127.0.0.1' : '*', port, process });
  }
  if (machine.listeners.some((one) => one.port === 8472)) return;
  machine.listeners.push({ protocol: 'udp', address: '0.0.0.0', port: 8472 });
}

function containerdConfig(dataDir: string): string {
  return [
    'version = 3',
    '',
    "[plugins.'io.containerd.cri.v1.runtime'.cni]",
    `  bin_dirs = ["${dataDir}/data/cni"]`,
    `  conf_dir = "${dataDir}/agent/etc/cni/net.d"`,
    '',
  ].join('\n');
}

const flannel = {
  name: 'cbr0',
  cniVersion: '1.0.0',
  plugins: [
    { type: 'flannel', delegate: { hairpinMode: true, forceAddress: true, isDefaultGateway: true } },
    { type: 'portmap', capabilities: { portMappings: true } },
    { type: 'bandwidth', capabilities: { bandwidth: true } },
  ],
};

const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- name: default
  cluster:
    server: https://127.0.0.1:6443
contexts:
- name: default
  context:
    cluster: default
    user: default
current-context: default
users:
- name: default
  user: {}
`;
