import type { ComponentName } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import { type Act, type Change, type Gate, minute, type Step, second } from '#engine/step';
import type { KubeObject } from '#ports/cluster';
import type { Sight, Stage } from '#ports/world';
import { allGone } from './all-gone.ts';
import { atOnce } from './at-once.ts';
import { gate, met, unmet } from './condition.ts';
import { crdsServed } from './crds-served.ts';
import { blocked, finding } from './finding.ts';
import { labelled } from './labelled.ts';
import { objectChanges } from './object-changes.ts';
import { nameOf, refOf } from './object-name.ts';
import { inRanks } from './object-order.ts';
import { Persistence } from './persistence.ts';
import { webhookSilence } from './webhook-silence.ts';

const limit = 8;

export interface ObjectsApplied {
  readonly id: string;
  readonly title: string;
  readonly component: ComponentName | 'verify';
  readonly objects: (sight: Sight) => readonly KubeObject[] | Promise<readonly KubeObject[]>;
  /** Objects whose fixed fields have to change are made anew. Only where nothing that is there hangs on them. */
  readonly anew?: true;
  readonly needs?: readonly string[];
  readonly gate?: Gate;
  readonly undo?: NonNullable<Step['undo']>;
}

/** Kubernetes objects that are there with exactly the fields that we want. Fields of others stay theirs. */
export function objectsApplied({ component, objects, anew, ...about }: ObjectsApplied): Step {
  const wanted = async (sight: Sight) => (await objects(sight)).map((object) => labelled(object, component));
  return {
    ...about,
    async probe(sight) {
      try {
        const changes = await atOnce(limit, await wanted(sight), (object) => changesOf(object, sight, anew === true));
        return finding(changes.flat());
      } catch (error) {
        if (error instanceof Fault) return blocked(error);
        throw error;
      }
    },
    async apply(stage, act) {
      const groups = inRanks(await wanted(stage));
      if (anew === true) await atOnce(limit, groups.flat(), (object) => removeFixed(object, stage, act));
      for (const group of groups) await applyAll(group, stage, act);
    },
  };
}

/** Applies objects of one rank, and waits for what those of the next one need. */
async function applyAll(group: readonly KubeObject[], stage: Stage, act: Act): Promise<void> {
  await atOnce(limit, group, (object) => applyPatiently(object, stage, act));
  const definitions = group.filter(({ kind }) => kind === 'CustomResourceDefinition');
  if (definitions.length === 0) return;
  const title = 'the API server to serve the new kinds';
  await act.waitFor(gate({ title, soft: 20 * second, hard: 2 * minute }, crdsServed(definitions)));
}

async function changesOf(object: KubeObject, sight: Sight, anew: boolean): Promise<readonly Change[]> {
  const live = await sight.cluster.get(refOf(object));
  if (live === undefined) return [{ what: `create ${nameOf(object)}` }];
  if (live.metadata.deletionTimestamp !== undefined)
    return [{ what: `create ${nameOf(object)}`, from: 'being deleted' }];
  try {
    return objectChanges(live, await sight.cluster.preview(object));
  } catch (error) {
    if (anew && isFixed(error)) return madeAnew(live, object);
    // After a power cut a component's webhook starts later than the API server: that is no reason to stop.
    if (!isSilentWebhook(error)) throw error;
    return [{ what: `compare ${nameOf(object)}`, to: 'once its admission webhook answers' }];
  }
}

function madeAnew(live: KubeObject, object: KubeObject): readonly Change[] {
  const changes = objectChanges(live, { ...live, ...object, metadata: live.metadata });
  return changes.map(({ what, ...change }) => ({ what: what.replace(/^update /, 'make anew '), ...change }));
}

/** Takes away an object that cannot become what is wanted. */
async function removeFixed(object: KubeObject, stage: Stage, act: Pick<Act, 'waitFor'>): Promise<void> {
  const live = await stage.cluster.get(refOf(object));
  if (live === undefined) return;
  try {
    await stage.cluster.preview(object);
  } catch (error) {
    if (!isFixed(error)) return;
    await stage.cluster.remove(refOf(object), { propagation: 'Background' });
    await act.waitFor(allGone([live]));
  }
}

/** Applies; where an admission webhook does not answer yet, waits for it and tries again. */
export async function applyPatiently(object: KubeObject, stage: Stage, act: Pick<Act, 'waitFor'>): Promise<void> {
  const live = await stage.cluster.get(refOf(object));
  // What was applied to an object that is being deleted would go with it.
  if (live?.metadata.deletionTimestamp !== undefined) await act.waitFor(allGone([live]));
  try {
    await stage.cluster.apply(object);
  } catch (error) {
    if (!isSilentWebhook(error)) throw error;
    await act.waitFor(webhookOf(object));
    await stage.cluster.apply(object);
  }
}

function webhookOf(object: KubeObject): Gate {
  const title = `the admission webhook of ${nameOf(object)} to answer`;
  const lasting = new Persistence();
  return gate({ title, soft: 1 * minute, hard: 5 * minute, every: 3 * second }, async (sight) => {
    try {
      await sight.cluster.preview(object);
      return met(`it accepts ${nameOf(object)}`);
    } catch (error) {
      if (!isSilentWebhook(error)) throw error;
      const silence = await webhookSilence(error, sight, lasting);
      return unmet(silence.because, silence);
    }
  });
}

function isSilentWebhook(error: unknown): error is Fault & { readonly code: 'CLUSTER-WEBHOOK' } {
  return error instanceof Fault && error.code === 'CLUSTER-WEBHOOK';
}

function isFixed(error: unknown): boolean {
  return error instanceof Fault && error.code === 'CLUSTER-IMMUTABLE';
}
