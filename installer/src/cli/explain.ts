import type { StateDirectory } from '#adapters/state-directory';
import { Fault } from '#engine/fault';
import { diagnosisRecord, diagnosisScreen } from '#report/diagnosis-screen';
import { explainRun, explainStep } from '#report/explain-screen';
import type { RunStory, StepStory } from '#report/run-story';
import { moment } from '#report/said';
import { tell } from '#report/tell';
import type { Call } from './call.ts';
import { type ClusterLook, lookAt, lookHere } from './cluster-look.ts';
import { tornNote } from './report.ts';
import { stateOf } from './state.ts';
import type { Terminal } from './terminal.ts';

/**
 * `novasphere explain [STEP]`: what is wrong in a cluster now and because of what; without --kubeconfig first what the
 * last run on this machine has come to. Ends with 1 when something is wrong now.
 */
export async function explain({ words, options, terminal }: Call): Promise<number> {
  const state = stateOf(terminal);
  const [asked] = words;
  const kubeconfig = options.text('kubeconfig');
  const run = options.text('run');
  if (asked !== undefined) return explainSteps(state, asked, run, terminal);
  if (kubeconfig !== undefined && run === undefined) return explainCluster(await lookAt(kubeconfig), terminal);
  if (state.runs().length === 0 && run === undefined) return withoutJournal(state, terminal);
  const now = kubeconfig === undefined ? await lookHere() : await lookAt(kubeconfig);
  return explainBoth(state, run, now, terminal);
}

function explainSteps(state: StateDirectory, asked: string, named: string | undefined, terminal: Terminal): number {
  const { entries, torn, run } = state.read(named);
  const story = tell(entries);
  const { paint, columns, unicode } = terminal;
  const steps = stepsNamed(story, asked);
  terminal.print(steps.map((step) => explainStep(step, { paint, columns, unicode })).join('\n'));
  terminal.json({ version: 1, run, outcome: story.outcome, steps });
  if (torn) terminal.tell(tornNote(run));
  return 0;
}

function explainCluster(look: ClusterLook, terminal: Terminal): number {
  terminal.print(nowScreen(look, terminal));
  terminal.json({ version: 1, now: nowRecord(look) });
  return exitCodeOf(look);
}

/** Nothing was ever installed from here: what there is to explain is a cluster, if there is one. */
async function withoutJournal(state: StateDirectory, terminal: Terminal): Promise<number> {
  const now = await lookHere();
  if (now instanceof Fault) throw now;
  if (now !== undefined) return explainCluster(now, terminal);
  throw new Fault({
    code: 'RUN-UNKNOWN',
    message: 'no run has been recorded on this machine yet, and it has no cluster',
    where: [`directory ${state.path}`],
    remedy: ['novasphere explain --kubeconfig FILE          explains a cluster elsewhere', 'novasphere apply PROFILE'],
  });
}

/** What a run has come to, and how its cluster is now. */
function explainBoth(
  state: StateDirectory,
  named: string | undefined,
  now: ClusterLook | Fault | undefined,
  terminal: Terminal,
): number {
  const { entries, torn, run } = state.read(named);
  const story = tell(entries);
  const { paint, columns, unicode } = terminal;
  terminal.print(explainRun(story, { paint, columns, unicode }));
  const look = now === undefined || now instanceof Fault ? undefined : now;
  if (look !== undefined) terminal.print(`\n${paint.dim(`now, at ${moment(look.at)}`)}\n${nowScreen(look, terminal)}`);
  if (now instanceof Fault) terminal.tell(`how the cluster is now cannot be told: ${now.message}\n`);
  const told = { version: 1, run, outcome: story.outcome, faults: story.faults };
  terminal.json(look === undefined ? told : { ...told, now: nowRecord(look) });
  if (torn) terminal.tell(tornNote(run));
  return look === undefined ? 0 : exitCodeOf(look);
}

function nowScreen({ diagnosis, seconds }: ClusterLook, { paint, columns, unicode }: Terminal): string {
  return diagnosisScreen(diagnosis, { seconds, paint, columns, unicode });
}

function nowRecord({ at, seconds, diagnosis }: ClusterLook): object {
  return { at, seconds: Number(seconds.toFixed(3)), ...diagnosisRecord(diagnosis) };
}

function exitCodeOf({ diagnosis }: ClusterLook): number {
  return diagnosis.roots.some(({ isAdvice }) => !isAdvice) ? 1 : 0;
}

/** A step by its id, or every step of a phase. */
function stepsNamed(story: RunStory, asked: string): readonly StepStory[] {
  const steps = story.phases.flatMap((phase) => phase.steps);
  const found = steps.filter((step) => step.id === asked || step.id.startsWith(`${asked}/`));
  if (found.length > 0) return found;
  throw new Fault({
    code: 'USAGE',
    message: `the run ${story.run} has no step ${asked}`,
    evidence: steps.filter((step) => step.state !== 'pending').map((step) => step.id),
    remedy: ['novasphere explain  explains what failed last', 'name one of the steps above'],
  });
}
