import { Fault } from '#engine/fault';
import type { HostSight } from '#ports/host';
import { packageStates } from '../../verbs/host-packages.ts';
import type { Check, Remark } from '../check.ts';

const runtimes = ['docker.io', 'docker-ce', 'containerd', 'containerd.io', 'cri-o', 'moby-engine'] as const;
const libvirt = ['libvirt-daemon', 'libvirt-daemon-system', 'libvirt-daemon-driver-qemu'] as const;
const platforms = [
  { path: '/var/snap/microk8s', name: 'MicroK8s', remove: 'snap remove --purge microk8s' },
  { path: '/var/lib/rancher/rke2', name: 'RKE2', remove: 'rke2-uninstall.sh' },
  { path: '/etc/kubernetes/kubelet.conf', name: 'a cluster made by kubeadm', remove: 'kubeadm reset' },
  { path: '/var/lib/k0s', name: 'k0s', remove: 'k0s reset' },
] as const;

/** k3s brings its own containerd and kubelet: a second one fights for cgroups, ports and iptables. */
export const noOtherRuntime: Check = async ({ sight: { host } }) => {
  const states = await packageStates(host, [...runtimes, ...libvirt]);
  const installed = (names: readonly string[]) => names.filter((name) => states.get(name) === 'installed');
  const [engines, virt] = [installed(runtimes), installed(libvirt)];
  return [
    ...(engines.length > 0 ? [otherRuntime(engines)] : []),
    ...(await otherPlatforms(host)),
    ...(virt.length > 0 ? [libvirtTrap(virt)] : []),
  ];
};

function otherRuntime(packages: readonly string[]): Fault {
  return new Fault({
    code: 'PREFLIGHT-RUNTIME',
    message: `another container runtime is installed: ${packages.join(', ')}`,
    remedy: [`apt-get purge ${packages.join(' ')}`],
  });
}

async function otherPlatforms(host: HostSight): Promise<readonly Remark[]> {
  const found = await Promise.all(platforms.map(async ({ path }) => (await host.look(path)) !== undefined));
  return platforms
    .filter((_, at) => found[at])
    .map(({ path, name, remove }) => {
      const message = `another Kubernetes is installed: ${name} (${path})`;
      return new Fault({ code: 'PREFLIGHT-RUNTIME', message, remedy: [remove] });
    });
}

function libvirtTrap(packages: readonly string[]): Fault {
  return new Fault({
    code: 'PREFLIGHT-LIBVIRT',
    message: `libvirt is installed: ${packages.join(', ')}`,
    cause: 'its AppArmor profile forbids the QEMU inside virt-launcher pods to start (kubevirt.io, installation)',
    remedy: [`apt-get purge ${packages.join(' ')}`, 'restart the machine, so that the profile is unloaded'],
  });
}
