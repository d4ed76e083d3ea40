import type { Bundle } from './bundle.ts';
import type { Clock } from './clock.ts';
import type { Cluster, ClusterSight } from './cluster.ts';
import type { Host, HostSight } from './host.ts';

/** What a probe and a gate may look at. */
export interface Sight {
  readonly host: HostSight;
  readonly cluster: ClusterSight;
  readonly bundle: Bundle;
  /** Milliseconds since 1970 by the world's clock. */
  now(): number;
  /** Whether an earlier run wrote down that it was about to destroy exactly this target and may not have ended. */
  intended(target: string): boolean;
  /** Whether whoever started this run agreed to lose exactly this target. */
  agreed(target: string): boolean;
}

/** What a step may act on. */
export interface Stage extends Sight {
  readonly host: Host;
  readonly cluster: Cluster;
}

/** The machines and the cluster that a run walks in; real or simulated. */
export interface World {
  /** Undefined when this run cannot reach the node of that name. */
  host(name: string): Host | undefined;
  readonly cluster: Cluster;
  readonly bundle: Bundle;
  readonly clock: Clock;
  /** Set when the cluster is driven from a machine that is none of its nodes: where it is, as `https://10.7.0.10:6443`. */
  readonly remote?: { readonly server: string };
}
