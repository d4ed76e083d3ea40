import { createHash } from 'node:crypto';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';

export const bridgeAnnotation = 'vm.novasphere.dev/bridge';
const managedBy = 'app.kubernetes.io/managed-by';

/** A bridge that nodes are to have: one policy of the cluster, whoever asks for it, with the same bytes for all. */
export interface BridgeWish {
  readonly bridge: string;
  readonly uplink: string;
  readonly type: 'bridge' | 'ovs';
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** What becomes of an address that the uplink has. */
  readonly address: 'none' | 'moves with its routes' | 'moves and is leased';
}

/** Names of interfaces are of more letters than names of objects. */
export function policyName(bridge: string): string {
  const plain = bridge
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-')
    .replace(/-+$/, '');
  if (plain === bridge) return `novasphere-${bridge}`;
  return `novasphere-${plain}-${createHash('sha256').update(bridge).digest('hex').slice(0, 8)}`;
}

export function isOperators(policy: KubeObject): boolean {
  return policy.metadata.labels?.[managedBy] === 'novasphere-operator';
}

/** The NIC whose address a policy has moved to its bridge. */
export function capturedUplink(policy: KubeObject): string | undefined {
  return /^interfaces\.name=="(.*)"$/.exec(policy['spec']?.capture?.uplink ?? '')?.[1];
}

export function bridgePolicy(wish: BridgeWish): KubeObject {
  const { bridge, nodeSelector } = wish;
  return {
    apiVersion: 'nmstate.io/v1',
    kind: 'NodeNetworkConfigurationPolicy',
    metadata: {
      name: policyName(bridge),
      labels: { [managedBy]: 'novasphere-operator', 'app.kubernetes.io/name': 'wukong' },
      annotations: { [bridgeAnnotation]: bridge },
    },
    spec: {
      ...(Object.keys(nodeSelector).length === 0 ? {} : { nodeSelector: sorted(nodeSelector) }),
      // A mistake meets one node at a time.
      maxUnavailable: 1,
      ...(wish.address === 'none' ? { desiredState: { interfaces: [port(wish)] } } : moving(wish)),
    },
  };
}

/** The uplink's own addresses are not mentioned: what is not mentioned, NMState leaves as it is. */
function port({ bridge, uplink, type }: BridgeWish): Json {
  if (type === 'ovs') return { name: bridge, type: 'ovs-bridge', state: 'up', bridge: { port: [{ name: uplink }] } };
  return { ...linuxBridge(bridge, uplink), ipv4: { enabled: false }, ipv6: { enabled: false } };
}

function linuxBridge(bridge: string, uplink: string): Json {
  const trunk = { mode: 'trunk', 'trunk-tags': [{ 'id-range': { min: 2, max: 4094 } }] };
  const options = { stp: { enabled: false } };
  return {
    name: bridge,
    type: 'linux-bridge',
    state: 'up',
    bridge: { options, port: [{ name: uplink, vlan: trunk }] },
  };
}

/** The bridge takes over what the node is reached by, in one step and with the same MAC address. */
function moving({ bridge, uplink, address }: BridgeWish): Json {
  const captured = (field: string) => `{{ capture.uplink.interfaces.0.${field} }}`;
  const taken = { 'mac-address': captured('mac-address'), ipv4: captured('ipv4'), ipv6: captured('ipv6') };
  const interfaces = [{ ...linuxBridge(bridge, uplink), ...taken }];
  const nic = { uplink: `interfaces.name=="${uplink}"` };
  if (address === 'moves and is leased') return { capture: nic, desiredState: { interfaces } };
  return {
    capture: {
      ...nic,
      'uplink-routes': `routes.running.next-hop-interface=="${uplink}"`,
      'bridge-routes': `capture.uplink-routes | routes.running.next-hop-interface:="${bridge}"`,
    },
    desiredState: { interfaces, routes: { config: '{{ capture.bridge-routes.routes.running }}' } },
  };
}

function sorted(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
