import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { WukongNetwork } from '../../../api/wukong.ts';
import type { NetworksSeen, NetworkTrouble } from './seen.ts';

/** How a network reaches the guest. `macvlan` is said of an attachment that cannot. */
export type Binding = 'bridge' | 'sriov' | 'macvtap' | 'macvlan';

/** What is said counts; where nothing is said, what the attachment is made of. */
export function bindingOf({ type, nadName }: WukongNetwork, nad: KubeObject | undefined): Binding {
  const made = pluginOf(nad);
  if (nadName !== undefined && (made === 'macvlan' || made === 'ipvlan')) return 'macvlan';
  if (type === 'sriov' || (type === undefined && made === 'sriov')) return 'sriov';
  return type === 'macvlan' || (type === undefined && made === 'macvtap') ? 'macvtap' : 'bridge';
}

/** The CNI plugin of an attachment, where its configuration can be read. */
function pluginOf(nad: KubeObject | undefined): string | undefined {
  try {
    const config: Json = JSON.parse(nad?.['spec']?.config ?? '{}');
    return config?.type ?? config?.plugins?.[0]?.type;
  } catch {
    return undefined;
  }
}

/** What KubeVirt lacks for it. */
export function bindingTrouble(binding: Binding, { bindings }: NetworksSeen): NetworkTrouble | undefined {
  if (binding === 'macvlan') return unsupported('use an attachment of the type macvtap or bridge');
  if (binding !== 'macvtap' || bindings.includes('macvtap')) return undefined;
  return unsupported(
    'the type stands for macvtap here, for which KubeVirt has no binding; install the macvtap-cni device plugin and' +
      ' register macvtap under spec.configuration.network.binding of the KubeVirt object, or use the type bridge',
  );
}

function unsupported(wayOut: string): NetworkTrouble {
  const why =
    'a macvlan attachment cannot carry a machine, because it drops the frames of every MAC address but the pod’s';
  return { reason: 'UnsupportedNetworkType', message: `${why}; ${wayOut}` };
}

/** The entry of a NIC in `domain.devices.interfaces`. */
export function interfaceOf(network: WukongNetwork, macAddress: string, binding: Binding | 'masquerade'): Json {
  const { name, model = 'virtio' } = network;
  // A virtual function is the card itself: nothing is emulated.
  if (binding === 'sriov') return { name, macAddress, sriov: {} };
  if (binding === 'macvtap' || binding === 'macvlan') return { name, macAddress, model, binding: { name: 'macvtap' } };
  return { name, macAddress, model, [binding]: {} };
}
