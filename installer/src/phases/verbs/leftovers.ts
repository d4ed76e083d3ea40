import type { ComponentName } from '#catalog/catalog';
import { atOnce } from '#engine/at-once';
import { leftOver } from '#engine/left-over';
import type { Change } from '#engine/step';
import type { KubeObject, ObjectRef } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { objectsOfKind } from './dependants.ts';
import { identityOf, othersInventory } from './inventory.ts';
import { componentLabel } from './labelled.ts';
import { nameOf } from './object-name.ts';

/** An object that an earlier release installed and this one does not. */
export interface Leftover {
  readonly live: KubeObject;
  /** `remove`: agreed to. `ask`: nobody has agreed yet. `named`: only whoever names it may have it removed. `kept`: it stays, because of `why`. */
  readonly fate: 'remove' | 'ask' | 'named' | 'kept';
  readonly why?: string;
}

/** Kinds that hold nothing of their own: what they do, other objects of the same component do now. */
const replaceable = new Set(
  [
    ['ConfigMap', 'Service', 'ServiceAccount', 'Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'],
    ['Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet', 'Job', 'CronJob', 'NetworkPolicy', 'PodDisruptionBudget'],
    ['APIService', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration', 'HorizontalPodAutoscaler'],
    ['PriorityClass', 'StorageClass', 'CSIDriver', 'CustomResourceDefinition'],
  ].flat(),
);

/** What consent to remove everything of a component that can be replaced is called. */
export function consentFor(component: string): string {
  return `leftovers of ${component}`;
}

/** What was applied once and is not wanted any more, as far as it is there, ours, and nobody else's. */
export async function leftoversOf(
  recorded: readonly ObjectRef[],
  wanted: readonly ObjectRef[],
  step: string,
  component: ComponentName,
  sight: Sight,
): Promise<readonly Leftover[]> {
  const current = new Set(wanted.map(identityOf));
  const gone = recorded.filter((ref) => !current.has(identityOf(ref)));
  if (gone.length === 0) return [];
  const moved = new Set((await othersInventory(sight.cluster, step)).map(identityOf));
  const candidates = gone.filter((ref) => !moved.has(identityOf(ref)));
  const live = await atOnce(8, candidates, (ref) => sight.cluster.get(ref));
  const ours = live.filter((one) => one?.metadata.labels?.[componentLabel] === component);
  return Promise.all(ours.map((one) => judged(one as KubeObject, component, sight)));
}

async function judged(live: KubeObject, component: string, sight: Sight): Promise<Leftover> {
  const objects = live.kind === 'CustomResourceDefinition' ? await objectsOfKind(live, sight) : undefined;
  if (objects !== undefined) return { live, fate: 'kept', why: `there are still ${objects}` };
  if (sight.agreed(nameOf(live))) return { live, fate: 'remove' };
  if (!replaceable.has(live.kind)) return { live, fate: 'named', why: 'what it holds would be lost' };
  return { live, fate: sight.agreed(consentFor(component)) ? 'remove' : 'ask' };
}

/** The removals that were agreed to, as changes. What may hold something is named to the journal before it goes. */
export function removals(leftovers: readonly Leftover[], component: string): readonly Change[] {
  const agreed = leftovers.filter(({ fate }) => fate === 'remove');
  return agreed.map(({ live }) => ({
    what: `remove ${nameOf(live)}`,
    to: `${component} has none of that name any more`,
    ...(replaceable.has(live.kind) ? {} : { destructive: nameOf(live) }),
  }));
}

/** What stays and why, with the words that would remove it. */
export function leftoverNotes(leftovers: readonly Leftover[], component: string): readonly string[] {
  const asked = leftovers.filter(({ fate }) => fate === 'ask').map(({ live }) => nameOf(live));
  const one = asked.length === 1 ? 'it' : 'them';
  const together = asked.length === 0 ? [] : [`${listed(asked)}; “--prune ${component}” removes ${one}`];
  const single = leftovers.flatMap(({ live, fate, why }) => {
    if (fate === 'named') return [`${nameOf(live)}; ${why}: only “--prune '${nameOf(live)}'” removes it`];
    return fate === 'kept' ? [`${nameOf(live)}, which stays: ${why}`] : [];
  });
  return [...together, ...single].map(leftOver);
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, 5);
  return names.length > first.length ? `${first.join(', ')} and ${names.length - first.length} more` : first.join(', ');
}
