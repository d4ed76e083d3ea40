import type { Journey, Refusal, VersionChange } from '#catalog/skew';
import { skewRules } from '#catalog/skew-rules';
import { Fault } from '#engine/fault';

/** Versions that cannot be had from those that are there: why, and the way that there is. */
export function skewFault(refusals: readonly [Refusal, ...Refusal[]]): Fault {
  const [first] = refusals;
  const paths = refusals.filter(({ path }) => path !== undefined);
  const back = refusals.find(({ path }) => path === undefined);
  const steps = paths.map(({ name, path = [] }) => `${skewRules[name].title}: ${path.join(' → ')}`);
  const one = refusals.length === 1;
  return new Fault({
    code: 'VERSION-SKEW',
    message: one
      ? first.reason
      : `${refusals.length} components cannot go from their version to the one of this release`,
    evidence: one ? steps : [...refusals.map(({ reason }) => reason), ...steps],
    remedy: [
      ...(steps.length > 0 ? [`novasphere upgrade PROFILE --bundle DIR          ${inSteps}`] : []),
      ...(back === undefined ? [] : ['use the release of Novasphere that fits what is installed, or a newer one']),
    ] as unknown as readonly [string, ...string[]],
  });
}

const inSteps = 'with each release on that way, one after the other';

/** `apply` keeps versions; whoever wants others has to say so. */
function upgradeNeeded(changes: readonly VersionChange[]): Fault {
  const [first] = changes;
  const what =
    changes.length === 1 && first !== undefined ? skewRules[first.name].title : `${changes.length} components`;
  return new Fault({
    code: 'UPGRADE-NEEDED',
    message: `${what} would become another version, and only an upgrade does that`,
    cause:
      'an upgrade looks first whether volumes, machines and nodes are fit for it, keeps a snapshot of etcd, and has an order of its own',
    evidence: changes.map(changeLine),
    remedy: [
      'novasphere upgrade PROFILE --bundle DIR          makes these changes, also those that an upgrade which was cut has left',
      'or use the release of Novasphere that fits what is installed',
    ],
  });
}

/** `Longhorn v1.11.3 → v1.12.1` */
export function changeLine({ name, from, to }: VersionChange): string {
  return `${skewRules[name].title} ${from} → ${to}`;
}

/** What is in the way of a run; undefined when nothing is. */
export function faultOf({ refusals, changes }: Journey, upgrading: boolean): Fault | undefined {
  const [first, ...rest] = refusals;
  if (first !== undefined) return skewFault([first, ...rest]);
  return changes.length === 0 || upgrading ? undefined : upgradeNeeded(changes);
}
