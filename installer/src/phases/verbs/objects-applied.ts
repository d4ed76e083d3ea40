import type { ComponentName } from '#catalog/catalog';
import { atOnce } from '#engine/at-once';
import { Fault } from '#engine/fault';
import { type Act, type Change, type Gate, minute, type Step, second } from '#engine/step';
import type { KubeObject } from '#ports/cluster';
import type { Sight, Stage } from '#ports/world';
import { allGone } from './all-gone.ts';
import { gate, met, unmet } from './condition.ts';
import { crdsServed } from './crds-served.ts';
import { blocked, finding } from './finding.ts';
import { labelled } from './labelled.ts';
import { madeAnew } from './making-anew.ts';
import { objectChanges } from './object-changes.ts';
import { nameOf, refOf } from './object-name.ts';
import { inRanks } from './object-order.ts';
import { Persistence } from './persistence.ts';
import { StepRecord } from './step-record.ts';
import { survey } from './survey.ts';
import { webhookSilence } from './webhook-silence.ts';

const limit = 8;

export interface ObjectsApplied {
  readonly id: string;
  readonly title: string;
  readonly component: ComponentName | 'verify';
  readonly objects: (sight: Sight) => readonly KubeObject[] | Promise<readonly KubeObject[]>;
  readonly needs?: readonly string[];
  readonly gate?: Gate;
  readonly undo?: NonNullable<Step['undo']>;
}

type Owner = ObjectsApplied['component'];

/** Kubernetes objects that are there with exactly the fields that we want. Fields of others stay theirs. */
export function objectsApplied({ component, objects, ...about }: ObjectsApplied): Step {
  const wanted = async (sight: Sight) => (await objects(sight)).map((object) => labelled(object, component));
  const record = component === 'verify' ? undefined : new StepRecord(about.id, component);
  return {
    ...about,
    objects: wanted,
    async probe(sight) {
      try {
        const all = await wanted(sight);
        const { changes = [], notes = [] } = (await record?.look(all, sight)) ?? {};
        return finding([...changes, ...(await changesOfAll(all, sight, component))], notes);
      } catch (error) {
        if (error instanceof Fault) return blocked(error);
        throw error;
      }
    },
    async apply(stage, act) {
      const all = await wanted(stage);
      const recorded = await record?.widen(all, stage);
      for (const group of inRanks(all)) await applyAll(group, stage, act, component);
      if (recorded !== undefined) await record?.narrow(recorded, all, stage, act);
    },
  };
}

/** Applies objects of one rank, and waits for what those of the next one need. */
async function applyAll(group: readonly KubeObject[], stage: Stage, act: Act, owner: Owner): Promise<void> {
  // What the probe did not find a moment ago is not looked for again.
  const absent = new Set(act.changes.filter(({ from }) => from === undefined).map(({ what }) => what));
  const [fresh, known] = [true, false].map((is) => group.filter((object) => absent.has(creationOf(object)) === is));
  await atOnce(limit, fresh ?? [], (object) => applyPatiently(object, stage, act, 'absent'));
  const live = await survey(known ?? [], stage, owner);
  await atOnce(limit, [...(known ?? []).entries()], ([index, object]) =>
    applyOrRemake(object, live[index], stage, act),
  );
  const definitions = group.filter(({ kind }) => kind === 'CustomResourceDefinition');
  if (definitions.length === 0) return;
  const title = 'the API server to serve the new kinds';
  await act.waitFor(gate({ title, soft: 20 * second, hard: 2 * minute }, crdsServed(definitions)));
}

async function changesOfAll(all: readonly KubeObject[], sight: Sight, owner: Owner): Promise<readonly Change[]> {
  const live = await survey(all, sight, owner);
  return (await atOnce(limit, [...all.entries()], ([index, object]) => changesOf(object, live[index], sight))).flat();
}

async function changesOf(object: KubeObject, live: KubeObject | undefined, sight: Sight): Promise<readonly Change[]> {
  if (live === undefined) return [{ what: creationOf(object) }];
  if (live.metadata.deletionTimestamp !== undefined) return [{ what: creationOf(object), from: 'being deleted' }];
  try {
    return await changesNow(object, live, sight);
  } catch (error) {
    if (isFixed(error)) return madeAnew(live, object, error, sight);
    // After a power cut a component's webhook starts later than the API server: that is no reason to stop.
    if (!isSilentWebhook(error)) throw error;
    return [{ what: `compare ${nameOf(object)}`, to: 'once its admission webhook answers' }];
  }
}

/** What would change; compared again where a controller has written between the look and the server's own answer. */
async function changesNow(object: KubeObject, known: KubeObject, { cluster }: Sight): Promise<readonly Change[]> {
  for (let live = known, looks = 1; ; looks++) {
    const preview = await cluster.preview(object, live);
    const changes = objectChanges(live, preview);
    const isOfOneMoment = preview.metadata.resourceVersion === live.metadata.resourceVersion;
    if (changes.length === 0 || isOfOneMoment || looks === 3) return changes;
    live = (await cluster.get(refOf(object))) ?? preview;
  }
}

function creationOf(object: KubeObject): string {
  return `create ${nameOf(object)}`;
}

/** Applies an object; one that cannot become what is wanted is taken away first, where that loses nothing. */
async function applyOrRemake(
  object: KubeObject,
  live: KubeObject | undefined,
  stage: Stage,
  act: Pick<Act, 'waitFor'>,
): Promise<void> {
  try {
    await applyPatiently(object, stage, act, live ?? 'absent');
  } catch (error) {
    if (live === undefined || !isFixed(error)) throw error;
    await madeAnew(live, object, error, stage);
    // In the foreground: two generations of pods at the same time would be in each other's way.
    await stage.cluster.remove(refOf(object), { propagation: 'Foreground' });
    await act.waitFor(allGone([live]));
    await applyPatiently(object, stage, act, 'absent');
  }
}

/** Applies; where an admission webhook does not answer yet, waits for it and tries again. */
export async function applyPatiently(
  object: KubeObject,
  stage: Stage,
  act: Pick<Act, 'waitFor'>,
  known?: KubeObject | 'absent',
): Promise<void> {
  const read = known ?? (await stage.cluster.get(refOf(object))) ?? 'absent';
  const isGoing = read !== 'absent' && read.metadata.deletionTimestamp !== undefined;
  // What was applied to an object that is being deleted would go with it.
  if (isGoing) await act.waitFor(allGone([read]));
  try {
    await stage.cluster.apply(object, isGoing ? 'absent' : read);
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

function isFixed(error: unknown): error is Fault {
  return error instanceof Fault && error.code === 'CLUSTER-IMMUTABLE';
}
