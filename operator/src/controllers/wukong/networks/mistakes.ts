import type { Wukong, WukongNetwork } from '../../../api/wukong.ts';
import type { Mistake } from '../plan.ts';
import { byAge } from './age.ts';
import { addressKey } from './keys.ts';
import type { NetworksSeen } from './seen.ts';

/** What is wrong with one network and what its schema cannot see. */
export function networkMistakes(wukong: Wukong, network: WukongNetwork, seen: NetworksSeen): readonly Mistake[] {
  const at = `spec.networks[${network.name}]`;
  const { type, nadName, ipConfig } = network;
  const mistakes: Mistake[] = [];
  if (type === 'ovs' && nadName === undefined && ipConfig?.mode === 'ipam') {
    const why = 'ipam gives its address through the pod, which the type ovs goes round';
    mistakes.push({ reason: 'InvalidSpec', message: `${at}: ${why}; use static or dhcp, or the type bridge` });
  }
  const holder = olderHolder(wukong, network, seen);
  if (holder !== undefined) {
    const whose = `the older Wukong ${holder.metadata.namespace}/${holder.metadata.name} on the same network`;
    const message = `${at}: ${ipConfig?.address} is taken by ${whose}; give another address`;
    mistakes.push({ reason: 'AddressInUse', message });
  }
  return mistakes;
}

/** The oldest that has a static address keeps it. */
function olderHolder(wukong: Wukong, network: WukongNetwork, { holdersOf }: NetworksSeen): Wukong | undefined {
  const key = addressKey(wukong, network);
  if (key === undefined) return undefined;
  const others = holdersOf(key).filter(({ metadata }) => metadata.uid !== wukong.metadata.uid);
  return others.filter((one) => byAge(one, wukong) < 0).toSorted(byAge)[0];
}
