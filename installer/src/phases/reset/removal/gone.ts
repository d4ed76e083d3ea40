import { atOnce } from '#engine/at-once';
import { Fault } from '#engine/fault';
import { type Act, type Gate, minute, second } from '#engine/step';
import type { KubeObject } from '#ports/cluster';
import type { Sight, Stage } from '#ports/world';
import { met, type Seen, unmet } from '../../verbs/condition.ts';
import { nameOf, refOf } from '../../verbs/object-name.ts';
import { Persistence } from '../../verbs/persistence.ts';
import { type Abandoned, abandonedWebhooks, webhookIn } from './abandoned.ts';
import { type Hold, holdsOn } from './hold.ts';
import { refused, stuck } from './stuck.ts';

/** What holds an object for so long is a trap, and not somebody who is about to act. */
const settled = 20 * second;
const limit = 8;
const mostMends = 8;
/** So many traps of one kind are told in full. */
const shown = 3;

type Waiting = Pick<Act, 'waitFor'>;

/** Deletes objects and waits until they are gone; what keeps them for ever is found, told, and taken out of the way. */
export async function removeAndWait(objects: readonly KubeObject[], stage: Stage, act: Waiting): Promise<void> {
  await atOnce(limit, objects, (object) => removeOne(object, stage, act));
  for (let mends = 0; mends <= mostMends; mends++) {
    await act.waitFor(goneOrHeld(objects));
    const left = await stillThere(objects, stage);
    if (left.length === 0) return;
    const holds = (await Promise.all(left.map((one) => holdsOn(one, stage.cluster)))).flat();
    for (const hold of holds) await mend(hold, stage);
  }
  throw stuck(objects[0] as KubeObject, 'its traps were mended again and again, and others came');
}

async function removeOne(object: KubeObject, stage: Stage, act: Waiting): Promise<void> {
  const remove = () => stage.cluster.remove(refOf(object), { propagation: 'Background' });
  await pastWebhooks(remove, stage, act).catch((error: unknown) => {
    throw refused(error, object);
  });
}

/**
 * One write. A webhook behind which nobody is any more would refuse it for ever, and is taken out of the way; one that
 * has just been started again is waited for.
 */
export async function pastWebhooks<T>(write: () => Promise<T>, stage: Stage, act: Waiting): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await write();
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'CLUSTER-WEBHOOK' || tries === mostMends) throw error;
      const complaint = error.record().because.join(' ');
      await act.waitFor(answersOrAbandoned(complaint, error));
      for (const one of await abandonedWebhooks(stage.cluster, complaint))
        await stage.cluster.remove(refOf(one.object), { propagation: 'Background' });
    }
  }
}

function answersOrAbandoned(complaint: string, fault: Fault): Gate {
  const lasting = new Persistence();
  const name = webhookIn(complaint) ?? 'of the platform';
  return {
    title: `the admission webhook ${name} to answer or to be known as abandoned`,
    soft: 1 * minute,
    hard: 5 * minute,
    every: 5 * second,
    async check({ cluster, now }) {
      const [abandoned] = await abandonedWebhooks(cluster, complaint);
      if (abandoned === undefined)
        return lasting.since('answering', now()) > settled ? met() : unmet(`${fault.message}; its pods are ready`);
      const why = trapped(abandoned);
      return lasting.since(why, now()) >= settled ? met(`${why}; it is removed`) : unmet(why);
    },
    explain: async () => fault,
  };
}

function trapped({ object, why }: Abandoned): string {
  return `${nameOf(object)} refuses every deletion: ${why}`;
}

/** Passed when all are gone, and also when it is known what holds them: then somebody has to act. */
function goneOrHeld(objects: readonly KubeObject[]): Gate {
  const lasting = new Persistence();
  const title = titleOf(objects);
  let last: KubeObject | undefined;
  return {
    title: `${title} to be gone`,
    soft: 1 * minute,
    hard: 10 * minute,
    every: 5 * second,
    async check(sight) {
      const left = await stillThere(objects, sight);
      last = left[0];
      if (last === undefined) return met(`${title}: gone`);
      const holds = (await Promise.all(left.map((one) => holdsOn(one, sight.cluster)))).flat();
      return judged(last, holds, lasting, sight.now());
    },
    explain: async () => (last === undefined ? undefined : stuck(last)),
  };
}

function judged(left: KubeObject, holds: readonly Hold[], lasting: Persistence, now: number): Seen {
  const [hold] = holds;
  if (hold === undefined) return unmet(waitsFor(left));
  const known = holds.every(({ says }) => lasting.since(says, now) >= settled);
  if (!known) return unmet(hold.says);
  const told = holds.map(({ trap, says }) => `${says}; ${trap === 'door' ? 'it is removed' : 'it is taken off'}`);
  const more = told.length - shown;
  return met(...told.slice(0, shown), ...(more > 0 ? [`and ${more} more are held like that`] : []));
}

function titleOf(objects: readonly KubeObject[]): string {
  const [first] = objects;
  const name = first === undefined ? 'nothing' : nameOf(first);
  return objects.length < 2 ? name : `${name} and ${objects.length - 1} more`;
}

function waitsFor(object: KubeObject): string {
  const holders = object.metadata.finalizers ?? [];
  return `${nameOf(object)} is still there${holders.length === 0 ? '' : `, held by ${holders.join(', ')}`}`;
}

async function stillThere(objects: readonly KubeObject[], { cluster }: Sight): Promise<readonly KubeObject[]> {
  const live = await atOnce(limit, objects, async (object) => {
    const found = await cluster.get(refOf(object));
    return found?.metadata.uid === object.metadata.uid ? found : undefined;
  });
  return live.filter((one) => one !== undefined);
}

async function mend(hold: Hold, { cluster }: Stage): Promise<void> {
  if (hold.trap === 'door') return cluster.remove(hold.ref, { propagation: 'Background' });
  const { object, finalizers } = hold;
  const live = await cluster.get(refOf(object));
  if (live === undefined || live.metadata.uid !== object.metadata.uid) return;
  const rest = (live.metadata.finalizers ?? []).filter((one) => !finalizers.includes(one));
  const { resourceVersion } = live.metadata;
  await cluster.merge(refOf(object), { metadata: { finalizers: rest, resourceVersion } }).catch(unlessChanged);
}

/** Somebody else has written at the same time: the next look decides anew. */
function unlessChanged(error: unknown): void {
  if (!(error instanceof Fault) || error.code !== 'CLUSTER-CONFLICT') throw error;
}
