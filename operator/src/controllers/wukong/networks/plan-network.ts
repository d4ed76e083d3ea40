import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Wukong, WukongNetwork } from '../../../api/wukong.ts';
import type { GuestNic, Mistake } from '../plan.ts';
import { nadName } from './attachment.ts';
import { type Binding, bindingOf, bindingTrouble, interfaceOf } from './binding.ts';
import { findNad } from './find-nad.ts';
import { isPod } from './keys.ts';
import { macAddressOf } from './mac-address.ts';
import { networkMistakes } from './mistakes.ts';
import type { NetworksSeen, NetworkTrouble } from './seen.ts';
import { planUplink } from './uplink.ts';

/** What one network wants. */
export interface NetworkPlan {
  readonly name: string;
  readonly objects: readonly KubeObject[];
  readonly interface: Json;
  readonly network: Json;
  readonly nic: GuestNic;
  readonly troubles: readonly NetworkTrouble[];
  readonly mistakes: readonly Mistake[];
  readonly remark: string | undefined;
}

export function planNetwork(wukong: Wukong, network: WukongNetwork, seen: NetworksSeen): NetworkPlan {
  const { name } = network;
  const macAddress = macAddressOf(wukong, network);
  if (isPod(network)) {
    const nic = { name, macAddress, pod: true };
    const none = { objects: [], troubles: [], mistakes: [], remark: undefined };
    return {
      name,
      interface: interfaceOf(network, macAddress, 'masquerade'),
      network: { name, pod: {} },
      nic,
      ...none,
    };
  }
  const mistakes = networkMistakes(wukong, network, seen);
  const { objects, troubles, binding, remark } = means(wukong, network, seen);
  return {
    name,
    // What is made of a mistake is another mistake.
    objects: mistakes.length === 0 ? objects : [],
    interface: interfaceOf(network, macAddress, binding),
    network: { name, multus: multusOf(wukong, network) },
    nic: guestNic(network, macAddress),
    troubles,
    mistakes,
    remark,
  };
}

interface Means extends Pick<NetworkPlan, 'objects' | 'troubles' | 'remark'> {
  readonly binding: Binding;
}

/** The attachment, the bridge beneath it, and the way from it into the guest. */
function means(wukong: Wukong, network: WukongNetwork, seen: NetworksSeen): Means {
  const nad = findNad(wukong, network, seen);
  const binding = bindingOf(network, nad.found);
  const uplink = planUplink(wukong, network, seen);
  const troubles = [nad.trouble, bindingTrouble(binding, seen), uplink.trouble];
  return {
    // The bridge is first: an attachment to nothing is no use.
    objects: [...uplink.objects, ...nad.objects],
    troubles: troubles.filter((one) => one !== undefined),
    binding,
    remark: uplink.remark,
  };
}

/** A primary network takes the place of the pod network. */
function multusOf(wukong: Wukong, network: WukongNetwork): Json {
  const networkName = network.nadName ?? nadName(wukong, network);
  return network.primary === true ? { networkName, default: true } : { networkName };
}

function guestNic({ name, mtu, ipConfig }: WukongNetwork, macAddress: string): GuestNic {
  return {
    name,
    macAddress,
    pod: false,
    ...(mtu === undefined ? {} : { mtu }),
    ...(ipConfig === undefined ? {} : { ipConfig }),
  };
}
