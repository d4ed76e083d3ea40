import { Fault } from '#engine/fault';
import { explainRun, explainStep } from '#report/explain-screen';
import type { RunStory, StepStory } from '#report/run-story';
import { tell } from '#report/tell';
import type { Call } from './call.ts';
import { tornNote } from './report.ts';
import { stateOf } from './state.ts';

/** `novasphere explain [STEP]`: the root cause from the journal, or all that a run knows of one step. */
export async function explain({ words, options, terminal }: Call): Promise<number> {
  const { entries, torn, run } = stateOf(terminal).read(options.text('run'));
  const story = tell(entries);
  const { paint, columns, unicode } = terminal;
  const [asked] = words;
  if (asked === undefined) {
    terminal.print(explainRun(story, { paint, columns, unicode }));
    terminal.json({ version: 1, run, outcome: story.outcome, faults: story.faults });
  } else {
    const steps = stepsNamed(story, asked);
    terminal.print(steps.map((step) => explainStep(step, { paint, columns, unicode })).join('\n'));
    terminal.json({ version: 1, run, outcome: story.outcome, steps });
  }
  if (torn) terminal.tell(tornNote(run));
  return 0;
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
