import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import { apiServiceAvailable } from '../verbs/api-service-available.ts';
import { type Condition, inOrder, met, unmet } from '../verbs/condition.ts';
import { Persistence } from '../verbs/persistence.ts';
import { silentWebhookIn, webhookSilence } from '../verbs/webhook-silence.ts';

/** KubeVirt says that it is deployed in the wanted version, and contradicts itself nowhere. */
export function kubevirtDeployed(version: string): Condition {
  const lasting = new Persistence();
  return async (sight) => {
    const ref = { apiVersion: 'kubevirt.io/v1', kind: 'KubeVirt', namespace: 'kubevirt', name: 'kubevirt' };
    const resource: Json = await sight.cluster.get(ref);
    const status: Json = resource?.status ?? {};
    const of = (type: string) => (status.conditions ?? []).find((one: Json) => one.type === type);
    const reason =
      of('Available')?.status === 'True'
        ? ''
        : (refusal(of('Synchronized')) ?? of('Degraded')?.message ?? of('Available')?.message ?? '');
    const silent = silentWebhookIn(reason);
    if (silent !== undefined) {
      const trouble = await webhookSilence(silent, sight, lasting);
      return unmet(`KubeVirt is ${status.phase}: ${trouble.because}`, trouble);
    }
    if (status.phase !== 'Deployed')
      return unmet(`KubeVirt is ${status.phase ?? 'not begun'}${reason === '' ? '' : `: ${reason}`}`, { about: ref });
    for (const [type, wanted] of wantedConditions) {
      const { status: is = 'unknown', message = '' } = of(type) ?? {};
      if (is !== wanted)
        return unmet(`KubeVirt: ${type} is ${is}${message === '' ? '' : `: ${message}`}`, { about: ref });
    }
    const { observedKubeVirtVersion: observed, targetKubeVirtVersion: target } = status;
    if (observed !== version) return unmet(`KubeVirt is at ${observed ?? 'no version'}, on its way to ${target}`);
    if (status.observedDeploymentID !== status.targetDeploymentID) return unmet('KubeVirt is being changed');
    return met(`KubeVirt ${version} is Deployed`);
  };
}

/** What virt-operator says to a KubeVirt that it does not serve, because there is another. */
function refusal(synchronized: Json): string | undefined {
  return synchronized?.status === 'False' ? synchronized.message : undefined;
}

const wantedConditions = [
  ['Available', 'True'],
  ['Created', 'True'],
  ['Progressing', 'False'],
  ['Degraded', 'False'],
] as const;

export const apisAvailable: Condition = inOrder(
  apiServiceAvailable('v1.subresources.kubevirt.io'),
  apiServiceAvailable('v1alpha3.subresources.kubevirt.io'),
);

/** A look at the machine would have told; from elsewhere the device that never comes has to do. */
function noKvm(node: string): Fault {
  return new Fault({
    code: 'PREFLIGHT-CPU',
    message: `${node} offers no KVM: it cannot run virtual machines in hardware`,
    cause:
      'virt-handler finds no /dev/kvm there: VT-x, AMD-V or SVM is off, or the node is a virtual machine without nesting',
    where: [`object Node ${node}`],
    remedy: [
      `ls -l /dev/kvm          on ${node}`,
      'turn on VT-x, AMD-V or SVM in the firmware, or nested virtualisation where it is a virtual machine',
      'or set components.kubevirt.emulation: always in the profile, which is slow',
    ],
  });
}

/** The node may run machines and offers the devices that they need; none of KVM where they are emulated. */
export function nodeOffersVirtualisation(name: string): Condition {
  return async (sight) => {
    const node: Json = await sight.cluster.get({ apiVersion: 'v1', kind: 'Node', name });
    if (node?.metadata.labels?.['kubevirt.io/schedulable'] !== 'true')
      return unmet(`virt-handler has not declared node ${name} fit for virtual machines yet`);
    const ref = { apiVersion: 'kubevirt.io/v1', kind: 'KubeVirt', namespace: 'kubevirt', name: 'kubevirt' };
    const kubevirt: Json = await sight.cluster.get(ref);
    const emulated = kubevirt?.spec?.configuration?.developerConfiguration?.useEmulation === true;
    const devices = emulated ? ['tun'] : ['kvm', 'tun', 'vhost-net'];
    // A quantity: `1k` is what KubeVirt offers of a device.
    for (const device of devices)
      if (!(Number.parseFloat(node.status?.allocatable?.[`devices.kubevirt.io/${device}`]) > 0))
        return unmet(
          `node ${name} offers no devices.kubevirt.io/${device} yet`,
          device === 'kvm' ? { blame: noKvm(name) } : {},
        );
    const how = emulated ? ', in software emulation' : '';
    return met(`${name} offers ${devices.join(', ')} for virtual machines${how}`);
  };
}
