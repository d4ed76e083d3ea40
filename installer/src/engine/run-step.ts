import type { Clock } from '#ports/clock';
import type { Host } from '#ports/host';
import type { Stage, World } from '#ports/world';
import { Fault } from './fault.ts';
import { pass, type Wait } from './pass.ts';
import { patientCluster } from './patient-cluster.ts';
import type { Act, Change, Gate, Step } from './step.ts';
import type { Tell } from './tell.ts';

/** Everything that is the same for all steps of a run. */
export interface Walk {
  readonly world: World;
  readonly mode: 'inspect' | 'apply';
  readonly tell: Tell;
  /** Targets that may be destroyed, exactly as changes name them. */
  readonly consents: ReadonlySet<string>;
  /** Targets that an earlier run wrote down before destroying them. */
  readonly intents: ReadonlySet<string>;
  /** Aborts: stop at the next safe point, which a wait is. */
  readonly signal: AbortSignal;
}

export type StepOutcome = 'converged' | 'applied' | 'planned';

/** One step on one host: look, do, look again, wait. Throws a Fault, or what the world throws when its power goes. */
export async function runStep(step: Step, host: Host, walk: Walk): Promise<StepOutcome> {
  const { clock } = walk.world;
  const began = clock.elapsed();
  const of = { step: step.id, host: host.name };
  walk.tell({ event: 'step-began', ...of, title: step.title });
  try {
    const outcome = await go(step, stageOn(host, walk), walk);
    walk.tell({ event: 'step-ended', ...of, outcome, seconds: since(clock, began) });
    return outcome;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const fault = error.at(`host ${host.name}`, `step ${step.id}`);
    walk.tell({ event: 'failed', ...of, fault: fault.record() });
    const outcome = fault.code === 'RUN-INTERRUPTED' ? 'stopped' : 'failed';
    walk.tell({ event: 'step-ended', ...of, outcome, seconds: since(clock, began) });
    throw fault;
  }
}

async function go(step: Step, stage: Stage, walk: Walk): Promise<StepOutcome> {
  const of = { step: step.id, host: stage.host.name };
  const found = await step.probe(acting(step, stage, walk));
  if (found.state === 'blocked') {
    walk.tell({ event: 'found', ...of, state: 'blocked', changes: [] });
    throw found.fault;
  }
  const changes = found.state === 'drifted' ? found.changes : [];
  const notes = found.notes === undefined ? {} : { notes: found.notes };
  walk.tell({ event: 'found', ...of, state: found.state, changes, ...notes });
  if (walk.mode === 'inspect') return found.state === 'drifted' ? 'planned' : 'converged';
  if (changes.length > 0) await act(step, stage, changes, walk);
  if (step.gate !== undefined) await wait(step.gate, step, stage, walk);
  return changes.length > 0 ? 'applied' : 'converged';
}

async function act(step: Step, stage: Stage, changes: readonly Change[], walk: Walk): Promise<void> {
  const { clock } = walk.world;
  const began = clock.elapsed();
  const of = { step: step.id, host: stage.host.name };
  for (const target of destroyed(changes)) {
    if (!walk.consents.has(target)) throw withoutConsent(target);
    walk.tell({ event: 'intent', ...of, target });
  }
  const context: Act = {
    changes,
    signal: walk.signal,
    waitFor: (gate) => wait(gate, step, stage, walk),
  };
  await step.apply(acting(step, stage, walk), context);
  await settled(step, acting(step, stage, walk));
  walk.tell({ event: 'applied', ...of, seconds: since(clock, began) });
}

async function settled(step: Step, stage: Stage): Promise<void> {
  const after = await step.probe(stage);
  if (after.state === 'converged') return;
  if (after.state === 'blocked') throw after.fault;
  throw new Fault({
    code: 'STEP-UNSETTLED',
    message: `“${step.title}” ran, and its own probe still finds ${after.changes.length} difference${after.changes.length === 1 ? '' : 's'}`,
    evidence: after.changes.slice(0, 10).map(describe),
    remedy: ['novasphere explain', 'run the same command again: every step may be repeated'],
  });
}

/** Waits for a gate on behalf of a step; tells the views. */
export async function wait(gate: Gate, step: Step, stage: Stage, walk: Walk): Promise<readonly string[]> {
  const { clock } = walk.world;
  const began = clock.elapsed();
  const of = { step: step.id, host: stage.host.name, gate: gate.title };
  const evidence = await pass(gate, stage, {
    clock,
    signal: walk.signal,
    waiting: (wait) => walk.tell({ event: 'waiting', ...of, ...told(wait) }),
  }).catch((error: unknown) => {
    throw walk.signal.aborted && error === walk.signal.reason ? interrupted(gate) : error;
  });
  walk.tell({ event: 'passed', ...of, evidence, seconds: since(clock, began) });
  return evidence;
}

/** The stage of a step that looks or acts: its cluster waits for an API server that is away. Who only plans does not wait. */
function acting(step: Step, stage: Stage, walk: Walk): Stage {
  if (walk.mode === 'inspect') return stage;
  const of = { step: step.id, host: stage.host.name, gate: 'the API server to answer' };
  const cluster = patientCluster(stage.cluster, {
    clock: walk.world.clock,
    signal: walk.signal,
    waiting: (wait) => walk.tell({ event: 'waiting', ...of, ...told(wait) }),
    answered: (seconds) => walk.tell({ event: 'passed', ...of, evidence: ['it answers again'], seconds }),
    stopped: () => interrupted({ title: of.gate }),
  });
  return { ...stage, cluster };
}

function told({ because, since, slow }: Wait): { because: string; since: string; slow?: boolean } {
  return { because, since: new Date(since).toISOString(), ...(slow ? { slow } : {}) };
}

/** A change in one line, as evidence and plan print it. */
export function describe(change: Change): string {
  if (change.from !== undefined && change.to !== undefined) return `${change.what}: ${change.from} → ${change.to}`;
  if (change.to !== undefined) return `${change.what}: ${change.to}`;
  return change.from === undefined ? change.what : `${change.what}: ${change.from} → nothing`;
}

export function stageOn(host: Host, walk: Pick<Walk, 'world' | 'intents' | 'consents'>): Stage {
  const { cluster, bundle, clock } = walk.world;
  return {
    host,
    cluster,
    bundle,
    now: () => clock.now(),
    intended: (target) => walk.intents.has(target),
    agreed: (target) => walk.consents.has(target),
  };
}

export function interrupted(gate?: Pick<Gate, 'title'>): Fault {
  return new Fault({
    code: 'RUN-INTERRUPTED',
    message:
      gate === undefined
        ? 'stopped before the next step, as asked'
        : `stopped while waiting for ${gate.title}, as asked`,
    remedy: ['run the same command again: it goes on from here'],
  });
}

function destroyed(changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) => (change.destructive === undefined ? [] : [change.destructive]));
}

function withoutConsent(target: string): Fault {
  return new Fault({
    code: 'CONSENT-MISSING',
    message: `this would destroy ${target}, and nobody has agreed to that`,
    cause: 'the profile gives no consent that names exactly this target',
    remedy: ['novasphere plan  shows what would be lost', 'set wipe in the profile for the disk that is really meant'],
  });
}

function since(clock: Clock, began: number): number {
  return Math.round(clock.elapsed() - began) / 1000;
}
