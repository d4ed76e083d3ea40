import type { RunStory } from './run-story.ts';

/** The proof at the end of a run: what the gates of the last phase saw when the sample VM booted. */
export interface Certificate {
  /** ISO time of the last proof. */
  readonly at: string;
  /** What was seen, one sentence each, in the order of seeing it. */
  readonly proofs: readonly string[];
  /** What the guest printed at the end of each boot. */
  readonly console: readonly string[];
}

/** How evidence marks a line of a guest's serial console. */
const mark = 'console│ ';

/** Undefined unless the phase `verify` of this run came to its end with every gate passed. */
export function certificateOf(story: RunStory): Certificate | undefined {
  const phase = story.phases.find(({ id }) => id === 'verify');
  if (phase?.state !== 'done') return undefined;
  const gates = phase.steps.flatMap((step) => step.gates);
  if (gates.length === 0 || gates.some((gate) => !gate.passed)) return undefined;
  const evidence = gates.flatMap((gate) => gate.evidence);
  const isConsole = (line: string) => line.startsWith(mark);
  return {
    at: gates.at(-1)?.until ?? story.last,
    proofs: [...new Set(evidence.filter((line) => !isConsole(line)))],
    console: evidence.filter(isConsole).map((line) => line.slice(mark.length)),
  };
}
