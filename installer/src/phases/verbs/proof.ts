import { Fault } from '#engine/fault';
import type { Act, Gate, Step } from '#engine/step';
import type { KubeObject, ObjectRef } from '#ports/cluster';
import type { Sight, Stage } from '#ports/world';
import { allGone } from './all-gone.ts';
import { finding } from './finding.ts';
import { refOf } from './object-name.ts';
import { applyPatiently } from './objects-applied.ts';
import { fingerprintOf, readProof, recordProof } from './proof-record.ts';
import { trialNamespaceReady } from './trial-namespace.ts';

/** One leg of a proof: put these there, take those away, wait until it is so. */
export interface ProofStage {
  /** A function is for what can only be said once the stage before has passed. */
  readonly objects?: readonly KubeObject[] | ((sight: Sight) => Promise<readonly KubeObject[]>);
  /** Removed before the objects are applied. */
  readonly remove?: readonly ObjectRef[];
  readonly gate: Gate;
}

export interface Proof {
  readonly id: string;
  readonly title: string;
  /** What is proven, as a sentence: "a pod resolves kubernetes.default.svc". */
  readonly claim: string;
  /** What the proof holds for. When one of these changes it is proven again. */
  readonly of: Readonly<Record<string, string>>;
  readonly stages: readonly [ProofStage, ...ProofStage[]];
  /** What a stage or a component makes beside the objects of the stages, and what must go as well. */
  readonly also?: readonly ObjectRef[];
  /** Waited for when everything has been removed: nothing is left. */
  readonly gone?: Gate;
  /** Cleans what no object stands for, such as a link on the machine; says what it had to leave. */
  readonly cleanUp?: (stage: Stage, act: Act) => Promise<readonly string[]>;
  readonly needs?: readonly string[];
  readonly undo?: NonNullable<Step['undo']>;
}

/**
 * A functional test that writes: it puts trial objects into the cluster, waits for what they have to show, removes
 * them and keeps a record. As long as the record fits, nothing is tried again.
 */
export function proof(about: Proof): Step {
  const { id, title, needs, undo } = about;
  const fingerprint = fingerprintOf(about.of, about.stages.map(plannedObjects));
  return {
    id,
    title,
    ...(needs === undefined ? {} : { needs }),
    ...(undo === undefined ? {} : { undo }),
    objects: async (sight) => (await Promise.all(about.stages.map((one) => objectsOf(one, sight)))).flat(),
    async probe(sight) {
      const record = await readProof(sight.cluster, id);
      if (record?.fingerprint === fingerprint) return finding([], [`proven ${record.at}: ${about.claim}`]);
      const before = record === undefined ? {} : { from: `proven ${record.at} for other versions` };
      return finding([{ what: `prove: ${about.claim}`, ...before }]);
    },
    async apply(stage, act) {
      const began = stage.now();
      const evidence = await tried(about, stage, act);
      const seconds = Math.max(0, Math.round((stage.now() - began) / 1000));
      const at = new Date(stage.now()).toISOString();
      await recordProof(stage.cluster, { id, claim: about.claim, fingerprint, at, seconds, evidence });
    },
  };
}

/** Plays it on clean ground, and leaves clean ground. */
async function tried(about: Proof, stage: Stage, act: Act): Promise<readonly string[]> {
  await trialNamespaceReady(stage, act);
  await removeAll(about, stage, act);
  const evidence = await play(about, stage, act).catch(async (error: unknown) => {
    if (error instanceof Fault && error.code === 'RUN-INTERRUPTED') await dismiss(about, stage);
    throw error;
  });
  await removeAll(about, stage, act);
  const left = (await about.cleanUp?.(stage, act)) ?? [];
  const gone = about.gone === undefined ? [] : await act.waitFor(about.gone);
  return [...evidence, ...left, ...gone];
}

async function play({ stages }: Proof, stage: Stage, act: Act): Promise<string[]> {
  const evidence: string[] = [];
  for (const one of stages) {
    await removeEach(one.remove ?? [], stage, act);
    for (const object of await objectsOf(one, stage)) await applyPatiently(object, stage, act);
    evidence.push(...(await act.waitFor(one.gate)));
  }
  return evidence;
}

/** What has come back so often is made by somebody who does not know of us: the objects are refused, and say so. */
const looks = 5;

/**
 * Removes what this or a run that was cut has left, last first, and waits until it is gone: until a look finds nothing,
 * since a component may have made a thing (the claim of a disk) after the look and before what it was made for went.
 */
async function removeAll(about: Proof, stage: Stage, act: Act): Promise<void> {
  for (const refs of trialsOf(about))
    for (let look = 0; look < looks; look++) if (!(await removeEach(refs, stage, act))) break;
}

/** Whoever interrupts does not wait: everything is asked to go, and the next run sees to it that it has gone. */
async function dismiss(about: Proof, stage: Stage): Promise<void> {
  try {
    for (const refs of trialsOf(about)) await askToGo(refs, stage);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}

/** What is removed together: a namespace only after what it holds, whose finalizers need it. */
function trialsOf({ stages, also = [] }: Proof): readonly (readonly ObjectRef[])[] {
  const planned = stages.flatMap(plannedObjects).map(refOf).toReversed();
  const isNamespace = ({ kind }: ObjectRef) => kind === 'Namespace';
  return [[...also, ...planned.filter((ref) => !isNamespace(ref))], planned.filter(isNamespace)];
}

/** Says whether there was anything. */
async function removeEach(refs: readonly ObjectRef[], stage: Stage, act: Pick<Act, 'waitFor'>): Promise<boolean> {
  const there = await askToGo(refs, stage);
  if (there.length > 0) await act.waitFor(allGone(there));
  return there.length > 0;
}

/**
 * Says what was there. Nothing waits for the garbage collector, which learns of a new kind only every 30 s
 * (pkg/controller/garbagecollector, Sync): what a trial brings along is named in `also`, or goes with its namespace.
 */
async function askToGo(refs: readonly ObjectRef[], stage: Stage): Promise<readonly KubeObject[]> {
  const there: KubeObject[] = [];
  for (const ref of refs) {
    const live = await stage.cluster.get(ref);
    if (live !== undefined) there.push(live);
  }
  for (const object of there) await stage.cluster.remove(refOf(object), { propagation: 'Background' });
  return there;
}

async function objectsOf({ objects = [] }: ProofStage, sight: Sight): Promise<readonly KubeObject[]> {
  return typeof objects === 'function' ? objects(sight) : objects;
}

/** What a stage puts there, as far as it can be said before it runs. */
function plannedObjects({ objects = [] }: ProofStage): readonly KubeObject[] {
  return typeof objects === 'function' ? [] : objects;
}
