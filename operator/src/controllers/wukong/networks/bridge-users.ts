import type { Wukong } from '../../../api/wukong.ts';
import { byAge } from './age.ts';
import { bridgeOf, wantsUplink } from './keys.ts';
import type { BridgeWish } from './policy.ts';
import type { NetworkSettings, NetworksSeen } from './seen.ts';

/** A bridge, what it is over, and what it is made of. */
export type WantedBridge = Pick<BridgeWish, 'bridge' | 'uplink' | 'type'>;

export interface BridgeUser extends WantedBridge {
  readonly wukong: Wukong;
}

export function isAllowed(
  { bridge, uplink }: Omit<WantedBridge, 'type'>,
  { allowedUplinks }: NetworkSettings,
): boolean {
  return allowedUplinks.includes(uplink) || allowedUplinks.includes(`${uplink}:${bridge}`);
}

/** Everyone whose wish for a bridge counts, the one that asks included, the oldest first. */
export function bridgeUsers(wukong: Wukong, bridge: string, seen: NetworksSeen): readonly BridgeUser[] {
  const others = seen.usersOf(bridge).filter(({ metadata }) => metadata.uid !== wukong.metadata.uid);
  return [...others, wukong]
    .toSorted(byAge)
    .flatMap(wishesOf)
    .filter((one) => one.bridge === bridge && isAllowed(one, seen.settings));
}

function wishesOf(wukong: Wukong): readonly BridgeUser[] {
  return (wukong.spec.networks ?? []).filter(wantsUplink).map((network) => ({
    wukong,
    bridge: bridgeOf(network),
    uplink: network.physicalInterface ?? '',
    type: network.type === 'ovs' ? 'ovs' : 'bridge',
  }));
}

/** The oldest decides what a bridge is over; a younger one that says otherwise would pull it away. */
export function rivalOf(users: readonly BridgeUser[], { bridge, uplink, type }: WantedBridge): string | undefined {
  const [first] = users;
  if (first === undefined || (first.uplink === uplink && first.type === type)) return undefined;
  const { namespace, name } = first.wukong.metadata;
  const has = `the older Wukong ${namespace}/${name} has ${bridge} over ${first.uplink}, of the type ${first.type}`;
  return `${has}; say the same, or give another bridgeName`;
}

/** The labels on which all agree: the nodes of each are then among those that get the bridge. */
export function sharedSelector(
  users: readonly BridgeUser[],
  settings: NetworkSettings,
): Readonly<Record<string, string>> {
  const [first = {}, ...others] = users.map(({ wukong }) => wukong.spec.highAvailability?.nodeSelector ?? {});
  const common = Object.entries(first).filter(([label, value]) => others.every((one) => one[label] === value));
  return common.length === 0 ? settings.nodeSelector : Object.fromEntries(common);
}
