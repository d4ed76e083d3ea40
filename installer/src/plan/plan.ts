import type { Catalog } from '#catalog/catalog';
import type { Unit } from '#engine/run';
import type { Phase } from '#engine/step';
import type { Node, Profile } from '#profile/schema';
import type { Secret, SecretSource } from '#profile/secret';

/** What a phase is made from: the whole profile, the pinned catalog, and the node that it is for. */
export interface Site {
  readonly profile: Profile;
  readonly catalog: Catalog;
  /** The node of a phase on each host; the first server for a phase on the cluster. */
  readonly node: Node;
  /** Gives a secret that was read when the run started; absent when the plan is only looked at. */
  readonly reveal?: (source: SecretSource) => Secret;
  /** The words that start this program on the machine, for what it runs there itself. Default: `novasphere`. */
  readonly self?: readonly [string, ...string[]];
  /** Arguments with which the run goes on by itself after a restart. Default: `apply /etc/novasphere/profile.yaml --yes`. */
  readonly resume?: readonly string[];
  /** Versions may change: this is an upgrade, not the upkeep of what is installed. */
  readonly upgrading?: true;
  /** Somebody agreed to upgrade without a snapshot of etcd, where none can be taken. */
  readonly withoutSnapshot?: true;
}

/** What a plan is told beside profile and catalog: how the program is started here, and the secrets of this run. */
export type Circumstances = Pick<Site, 'reveal' | 'self' | 'resume' | 'upgrading' | 'withoutSnapshot'>;

/** How every phase is declared: a function of the site, pure, without clock or disk. */
export type PhaseFor = (site: Site) => Phase;

/** What a profile means on this release: every phase on every host, in the order of starting. */
export interface Plan {
  readonly profile: Profile;
  readonly units: readonly Unit[];
  /** SHA-256 over profile and steps: tells whether two runs mean the same. */
  readonly digest: string;
}
