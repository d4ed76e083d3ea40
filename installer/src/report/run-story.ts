import type { ChangeRecord, FaultRecord, Outcome } from '#ports/journal';

/** What a journal tells, put in order: what every report, `status` and `explain` are made from. */
export interface RunStory {
  readonly run: string;
  readonly command: string;
  readonly mode: 'inspect' | 'apply';
  readonly profile: { readonly name: string; readonly digest: string; readonly path: string };
  readonly planDigest: string;
  readonly versions: Readonly<Record<string, string>>;
  /** ISO time of the first and of the last event. */
  readonly began: string;
  readonly last: string;
  /** `running`: the journal has no end (yet); a run that was cut by a power failure looks the same. */
  readonly outcome: Outcome | 'running';
  readonly exitCode?: number;
  readonly seconds: number;
  /** How many steps changed something. */
  readonly changed: number;
  readonly phases: readonly PhaseStory[];
  readonly faults: readonly FaultStory[];
  readonly notes: readonly { readonly at: string; readonly text: string }[];
}

export type PhaseState = 'pending' | 'running' | 'done' | 'failed' | 'stopped';

export interface PhaseStory {
  readonly id: string;
  readonly title: string;
  readonly state: PhaseState;
  readonly began?: string;
  readonly ended?: string;
  readonly seconds: number;
  readonly steps: readonly StepStory[];
}

export type StepState = 'pending' | 'running' | 'converged' | 'applied' | 'planned' | 'failed' | 'stopped';

export interface StepStory {
  readonly id: string;
  readonly title: string;
  readonly host: string;
  readonly state: StepState;
  readonly began?: string;
  readonly ended?: string;
  readonly seconds: number;
  readonly changes: readonly ChangeRecord[];
  readonly notes: readonly string[];
  readonly gates: readonly GateStory[];
  /** What was taken back. */
  readonly undone: readonly string[];
  readonly fault?: FaultRecord;
}

export interface GateStory {
  readonly gate: string;
  /** ISO time since when it was waited for. */
  readonly since: string;
  /** ISO time of its end, or of the last word about it. */
  readonly until: string;
  readonly seconds: number;
  readonly passed: boolean;
  /** ISO time at which the wait was first called longer than usual. */
  readonly slowSince?: string;
  /** The reasons why it was not yet passed, in order, without repetitions. */
  readonly because: readonly string[];
  readonly evidence: readonly string[];
}

export interface FaultStory {
  readonly at: string;
  readonly step: string;
  readonly title: string;
  readonly host: string;
  readonly fault: FaultRecord;
}
