import type { Json } from '#kube/json';
import type { Machine } from '../../bench.ts';
import type { Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { isPodReady } from '../readiness.ts';

const devices: readonly (readonly [name: string, path: string])[] = [
  ['kvm', '/dev/kvm'],
  ['tun', '/dev/net/tun'],
  ['vhost-net', '/dev/vhost-net'],
];

/** Of the device plugins: so many VMs may share one device (KubeVirt's default). */
const SHARES = '1k';
const HEARTBEAT = 60;

/** virt-handler on every node where its pod is ready: labels, devices and the heartbeat that the scheduler trusts. */
export function virtHandler(stage: Stage): void {
  const beating = new Map<string, string>();
  const pods = stage.follow({
    path: kindPath('v1', 'Pod', 'kubevirt'),
    query: { labelSelector: 'kubevirt.io=virt-handler' },
    on({ object }) {
      const node = (object as Json).spec?.nodeName;
      const uid = object.metadata.uid ?? object.metadata.name;
      if (node === undefined || !isPodReady(object) || beating.get(node) === uid) return;
      beating.set(node, uid);
      stage.spawn(() => tend(stage, node, () => beating.get(node) === uid && alive(uid)));
    },
  });
  const alive = (uid: string) => pods.all().some((one) => one.metadata.uid === uid && isPodReady(one));
}

async function tend(stage: Stage, node: string, alive: () => boolean): Promise<void> {
  const machine = stage.bench.machines.find((one) => one.name === node);
  const path = `${kindPath('v1', 'Node')}/${node}`;
  await stage.pause(2);
  const { troubles, signal } = stage.bench;
  const plug = () => stage.api.patchStatus(path, plugged(machine, troubles.has('kvm-missing', node)));
  await plug();
  troubles.onChange?.(() => stage.spawn(async () => (alive() ? plug() : undefined)), signal);
  await stage.api.patch(path, { metadata: { labels: { ...labels(machine), 'kubevirt.io/schedulable': 'true' } } });
  while (alive()) {
    await stage.api.patch(path, { metadata: { annotations: { 'kubevirt.io/heartbeat': stage.now() } } });
    await stage.pause(HEARTBEAT);
  }
}

/** A device that was there and is not any more is still offered, none of it. */
function plugged(machine: Machine | undefined, withoutKvm: boolean): Json {
  const present = devices.filter(([, path]) => machine === undefined || machine.hasDevice(path));
  const offered = ([name]: (typeof devices)[number]) => (withoutKvm && name === 'kvm' ? '0' : SHARES);
  const resources = Object.fromEntries(present.map((one) => [`devices.kubevirt.io/${one[0]}`, offered(one)]));
  return { capacity: resources, allocatable: resources };
}

const models = ['Haswell-noTSX-IBRS', 'Broadwell-noTSX-IBRS', 'Skylake-Server-IBRS', 'Cascadelake-Server-noTSX'];
const machineTypes = ['q35', 'pc-q35-rhel9.6.0', 'pc-q35-rhel9.4.0'];

function labels(machine: Machine | undefined): Readonly<Record<string, string>> {
  const all = (prefix: string, names: readonly string[]) =>
    names.map((name) => [`${prefix}.node.kubevirt.io/${name}`, 'true']);
  return {
    ...Object.fromEntries([...all('cpu-model', models), ...all('machine-type', machineTypes)]),
    'cpu-vendor.node.kubevirt.io/Intel': 'true',
    [`host-model-cpu.node.kubevirt.io/${models.at(-1)}`]: 'true',
    'kubevirt.io/ksm-enabled': 'false',
    cpumanager: String(pinsCpus(machine)),
  };
}

function pinsCpus(machine: Machine | undefined): boolean {
  return machine?.read('/var/lib/kubelet/cpu_manager_state')?.includes('"static"') ?? false;
}
