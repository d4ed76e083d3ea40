import type { Fault } from '#engine/fault';
import type { Act, Change, Finding, Step } from '#engine/step';
import type { KubeObject } from '#ports/cluster';
import type { Sight, Stage } from '#ports/world';
import { blocked, finding } from '../../verbs/finding.ts';
import { nameOf } from '../../verbs/object-name.ts';
import { removeAndWait } from './gone.ts';

export type Groups = readonly (readonly KubeObject[])[];

export interface TakenOff {
  readonly id: string;
  readonly title: string;
  /** What is there of it now, in groups that are removed one after the other. */
  readonly groups: (sight: Sight) => Promise<Groups>;
  /** What is lost for good with an object, exactly as consent must name it. */
  readonly loses?: (object: KubeObject, sight: Sight) => Promise<string | undefined>;
  /** Why it cannot be removed now. */
  readonly refusal?: (groups: Groups, sight: Sight) => Promise<Fault | undefined>;
  /** Done before a group of objects is removed. */
  readonly before?: (group: readonly KubeObject[], stage: Stage, act: Act) => Promise<void>;
  /** Told when nothing is there. */
  readonly notes?: readonly string[];
}

/** What a dying operator has made once more is removed once more. */
const rounds = 4;
/** So many objects of a kind are named one by one. */
const named = 3;

/** Objects that are to be gone, with everything that holds them. */
export function takenOff({ id, title, groups, loses, refusal, before, notes = [] }: TakenOff): Step {
  return {
    id,
    title,
    async probe(sight): Promise<Finding> {
      const found = await groups(sight);
      const fault = await refusal?.(found, sight);
      if (fault !== undefined) return blocked(fault);
      return finding(await changesOf(found.flat(), sight, loses), notes);
    },
    async apply(stage, act) {
      for (let round = 0; round < rounds; round++) {
        const found = await groups(stage);
        if (found.every((group) => group.length === 0)) return;
        for (const group of found) await removeGroup(group, stage, act, before);
      }
    },
  };
}

async function removeGroup(
  group: readonly KubeObject[],
  stage: Stage,
  act: Act,
  before: TakenOff['before'],
): Promise<void> {
  if (group.length === 0) return;
  await before?.(group, stage, act);
  await removeAndWait(group, stage, act);
}

async function changesOf(
  objects: readonly KubeObject[],
  sight: Sight,
  loses: TakenOff['loses'],
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  const plain: KubeObject[] = [];
  for (const object of objects) {
    const destructive = await loses?.(object, sight);
    if (destructive === undefined) plain.push(object);
    else changes.push({ what: `remove ${nameOf(object)}`, destructive });
  }
  return [...changes, ...condensed(plain)];
}

/** What stands for a component is named; what it merely needed is counted. */
export function condensed(objects: readonly KubeObject[]): readonly Change[] {
  const kinds = [
    ...Map.groupBy(
      objects.filter((one) => !isSmall(one)),
      ({ kind }) => kind,
    ),
  ];
  const small = [...Map.groupBy(objects.filter(isSmall), ({ kind }) => kind)];
  const rest = small.map(([kind, all]) => (all.length === 1 ? `1 ${kind}` : `${all.length} ${plural(kind)}`));
  return [
    ...kinds.flatMap(([kind, all]) => lines(kind, all)),
    ...(rest.length === 0 ? [] : [{ what: `remove what belongs to it: ${rest.join(', ')}` }]),
  ];
}

const smallPrint = new Set([
  'ConfigMap',
  'Secret',
  'Service',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'ClusterRoleBinding',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'PriorityClass',
  'Pod',
]);

/** Longhorn's own records of what it has are many, and say nothing to anybody. */
function isSmall({ apiVersion, kind }: KubeObject): boolean {
  return smallPrint.has(kind) || apiVersion.startsWith('longhorn.io/');
}

function lines(kind: string, all: readonly KubeObject[]): readonly Change[] {
  if (all.length <= named) return all.map((one) => ({ what: `remove ${nameOf(one)}` }));
  const names = all.slice(0, named - 1).map(({ metadata }) => metadata.name);
  return [{ what: `remove ${all.length} ${plural(kind)}: ${names.join(', ')} and ${all.length - names.length} more` }];
}

function plural(kind: string): string {
  if (/(s|x)$/.test(kind)) return `${kind}es`;
  return /[^aeiou]y$/.test(kind) ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}
