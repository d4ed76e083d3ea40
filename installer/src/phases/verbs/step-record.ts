import type { ComponentName } from '#catalog/catalog';
import { atOnce } from '#engine/at-once';
import type { Act, Change } from '#engine/step';
import type { KubeObject, ObjectRef } from '#ports/cluster';
import type { Sight, Stage } from '#ports/world';
import { allGone } from './all-gone.ts';
import { identityOf, inventoryOf, inventoryRef, readInventory } from './inventory.ts';
import { leftoverNotes, leftoversOf, removals } from './leftovers.ts';
import { nameOf, refOf } from './object-name.ts';
import { inRanks } from './object-order.ts';
import { namespaceMade, trialNamespace } from './trial-namespace.ts';

/**
 * What a step has applied, kept in the cluster: so that a later release knows what it does not have any more. The record
 * is written before the first object, and narrowed after the last one has gone: it may say too much, never too little.
 */
export class StepRecord {
  readonly #step: string;
  readonly #component: ComponentName;

  constructor(step: string, component: ComponentName) {
    this.#step = step;
    this.#component = component;
  }

  /** What has to be written down or removed, and what is left over. */
  async look(wanted: readonly KubeObject[], sight: Sight): Promise<{ changes: Change[]; notes: readonly string[] }> {
    const recorded = await readInventory(sight.cluster, this.#step);
    if (recorded === undefined) return { changes: await this.#first(sight), notes: [] };
    const missing = without(wanted.map(refOf), recorded).length;
    const more = missing === 1 ? '1 object more' : `${missing} objects more`;
    const widened = missing === 0 ? [] : [{ what: `update ${nameOf(inventoryRef(this.#step))}`, to: more }];
    const leftovers = await this.#leftovers(recorded, wanted, sight);
    return {
      changes: [...widened, ...removals(leftovers, this.#component)],
      notes: leftoverNotes(leftovers, this.#component),
    };
  }

  /** Writes down what is about to be applied, beside what was. */
  async widen(wanted: readonly KubeObject[], stage: Stage): Promise<readonly ObjectRef[]> {
    const recorded = await readInventory(stage.cluster, this.#step);
    const refs = wanted.map(refOf);
    const all = [...refs, ...without(recorded ?? [], refs)];
    if (recorded !== undefined && without(refs, recorded).length === 0) return all;
    await namespaceMade(stage, trialNamespace);
    await stage.cluster.apply(inventoryOf(this.#step, this.#component, all));
    return all;
  }

  /** Removes what is left over as far as that was agreed to, and forgets it. */
  async narrow(recorded: readonly ObjectRef[], wanted: readonly KubeObject[], stage: Stage, act: Act): Promise<void> {
    const refs = wanted.map(refOf);
    if (without(recorded, refs).length === 0) return;
    const leftovers = await this.#leftovers(recorded, wanted, stage);
    const doomed = leftovers.filter(({ fate }) => fate === 'remove').map(({ live }) => live);
    for (const group of inRanks(doomed).toReversed()) await removeAll(group, stage, act);
    const left = leftovers.filter(({ fate }) => fate !== 'remove').map(({ live }) => refOf(live));
    await stage.cluster.apply(inventoryOf(this.#step, this.#component, [...refs, ...left]));
  }

  async #first({ cluster }: Sight): Promise<Change[]> {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', name: trialNamespace };
    const isThere = (await cluster.get(namespace)) !== undefined;
    const made = isThere ? [] : [{ what: `create ${nameOf(namespace)}` }];
    return [...made, { what: `create ${nameOf(inventoryRef(this.#step))}` }];
  }

  #leftovers(recorded: readonly ObjectRef[], wanted: readonly KubeObject[], sight: Sight) {
    return leftoversOf(recorded, wanted.map(refOf), this.#step, this.#component, sight);
  }
}

async function removeAll(objects: readonly KubeObject[], stage: Stage, act: Pick<Act, 'waitFor'>): Promise<void> {
  await atOnce(8, objects, (object) => stage.cluster.remove(refOf(object), { propagation: 'Background' }));
  await act.waitFor(allGone(objects));
}

/** Those that the others do not name. */
function without(refs: readonly ObjectRef[], others: readonly ObjectRef[]): readonly ObjectRef[] {
  const known = new Set(others.map(identityOf));
  return refs.filter((ref) => !known.has(identityOf(ref)));
}
