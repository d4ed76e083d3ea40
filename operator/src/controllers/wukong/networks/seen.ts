import type { KubeObject } from '#kube/object';
import type { Wukong } from '../../../api/wukong.ts';

/** What the networks of one Wukong depend on. */
export interface NetworksSeen {
  /** Whether the API server knows Multus' NetworkAttachmentDefinition and NMState's NodeNetworkConfigurationPolicy. */
  readonly serves: { readonly nad: boolean; readonly nncp: boolean };
  nad(namespace: string, name: string): KubeObject | undefined;
  policy(name: string): KubeObject | undefined;
  /** Names under `spec.configuration.network.binding` of the KubeVirt object. */
  readonly bindings: readonly string[];
  readonly settings: NetworkSettings;
  /** Needed with `settings.nmstate` alone, as are the next. */
  readonly nodes: readonly KubeObject[];
  /** NodeNetworkState, each of the name of its node. */
  readonly nodeStates: readonly KubeObject[];
  /** Every Wukong of the cluster, unless it is being deleted, that has the bridge among its bridgeKeys. */
  usersOf(bridge: string): readonly Wukong[];
  /** Every Wukong of the cluster, unless it is being deleted, that has the key among its addressKeys. */
  holdersOf(addressKey: string): readonly Wukong[];
  /** The machine and its instance, for NICs that are to leave them. */
  readonly vm: KubeObject | undefined;
  readonly vmi: KubeObject | undefined;
}

/** What whoever runs the operator allows; nothing of it can be said in a Wukong. */
export interface NetworkSettings {
  /** Whether bridges are made on nodes at all. */
  readonly nmstate: boolean;
  /** `ens1`, or `ens1:br-lan` for that bridge alone. */
  readonly allowedUplinks: readonly string[];
  /** Whether the NIC that carries a node's own address may become a port of a bridge. */
  readonly allowNodeNic: boolean;
  /** The nodes that get a bridge, where the Wukongs on it do not say. */
  readonly nodeSelector: Readonly<Record<string, string>>;
}

/** Why a network is not ready. */
export interface NetworkTrouble {
  readonly reason:
    | 'NADNotFound'
    | 'NADConflict'
    | 'MultusNotInstalled'
    | 'NMStateNotInstalled'
    | 'UplinkRefused'
    | 'PolicyConflict'
    | 'PolicyProgressing'
    | 'PolicyDegraded'
    | 'NoMatchingNode'
    | 'UnsupportedNetworkType';
  /** Without the name of the network: `the bridge …`. */
  readonly message: string;
}
