import type { GateStory, RunStory } from './run-story.ts';

/** The proof at the end of a run: what the gates of the last phase saw when the sample VM booted. */
export interface Certificate {
  /** ISO time of the last proof. */
  readonly at: string;
  readonly proofs: readonly { readonly gate: GateStory; readonly evidence: readonly string[] }[];
  /** The longest evidence: what the guest printed while it booted. */
  readonly console: readonly string[];
}

/** Undefined unless the phase `verify` of this run came to its end with every gate passed. */
export function certificateOf(story: RunStory): Certificate | undefined {
  const phase = story.phases.find(({ id }) => id === 'verify');
  if (phase?.state !== 'done') return undefined;
  const gates = phase.steps.flatMap((step) => step.gates);
  if (gates.length === 0 || gates.some((gate) => !gate.passed)) return undefined;
  const boot = gates.toSorted((one, other) => other.evidence.length - one.evidence.length)[0];
  return {
    at: gates.at(-1)?.until ?? story.last,
    proofs: gates.map((gate) => ({ gate, evidence: gate.evidence })),
    console: boot?.evidence ?? [],
  };
}
