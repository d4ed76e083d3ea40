/** The events of a run: written to the journal, drawn by views, told by the report. Version of the shape: 1. */
export const JOURNAL_VERSION = 1;

export interface ChangeRecord {
  /** What changes, in the user's nouns: `/etc/sysctl.d/90-novasphere.conf`, `Deployment longhorn-system/longhorn-ui`. */
  readonly what: string;
  readonly from?: string;
  readonly to?: string;
  /** Set when something is lost for good: the target exactly as consent must name it. */
  readonly destructive?: string;
  /** What restarts or reboots because of it: `k3s`, `machine`. */
  readonly restarts?: string;
}

export interface FaultRecord {
  readonly code: string;
  readonly message: string;
  /** The chain of causes, outermost first. */
  readonly because: readonly string[];
  readonly where: readonly string[];
  readonly evidence: readonly string[];
  readonly remedy: readonly string[];
}

export type Outcome = 'done' | 'failed' | 'timed-out' | 'interrupted' | 'refused' | 'rebooting' | 'cut';

interface At {
  /** ISO 8601, UTC. */
  readonly at: string;
}
interface OfStep extends At {
  readonly step: string;
  readonly host: string;
}

export type Entry =
  | (At & {
      readonly event: 'run-began';
      readonly version: typeof JOURNAL_VERSION;
      readonly run: string;
      readonly command: string;
      readonly mode: 'inspect' | 'apply';
      readonly profile: { readonly name: string; readonly digest: string; readonly path: string };
      readonly plan: { readonly digest: string; readonly phases: readonly PlanPhaseRecord[] };
      readonly versions: Readonly<Record<string, string>>;
    })
  | (At & { readonly event: 'phase-began'; readonly phase: string; readonly title: string })
  | (OfStep & { readonly event: 'step-began'; readonly title: string })
  | (OfStep & {
      readonly event: 'found';
      readonly state: 'converged' | 'drifted' | 'blocked';
      readonly changes: readonly ChangeRecord[];
      readonly notes?: readonly string[];
    })
  | (OfStep & { readonly event: 'intent'; readonly target: string })
  | (OfStep & { readonly event: 'applied'; readonly seconds: number })
  | (OfStep & {
      readonly event: 'waiting';
      readonly gate: string;
      readonly because: string;
      /** ISO time since when the gate waits. */
      readonly since: string;
      /** Set once the soft deadline has passed. */
      readonly slow?: boolean;
    })
  | (OfStep & {
      readonly event: 'passed';
      readonly gate: string;
      readonly evidence: readonly string[];
      readonly seconds: number;
    })
  | (OfStep & { readonly event: 'undone'; readonly because: string })
  | (OfStep & { readonly event: 'failed'; readonly fault: FaultRecord })
  | (OfStep & {
      readonly event: 'step-ended';
      readonly outcome: 'converged' | 'applied' | 'planned' | 'failed' | 'stopped';
      readonly seconds: number;
    })
  | (At & {
      readonly event: 'phase-ended';
      readonly phase: string;
      readonly outcome: 'done' | 'failed' | 'stopped';
      readonly seconds: number;
    })
  | (At & { readonly event: 'note'; readonly text: string })
  | (At & {
      readonly event: 'run-ended';
      readonly outcome: Outcome;
      readonly exitCode: number;
      readonly seconds: number;
      readonly changed: number;
    });

export interface PlanPhaseRecord {
  readonly id: string;
  readonly title: string;
  readonly steps: readonly { readonly id: string; readonly title: string; readonly host: string }[];
}

/** Where a run's events go for keeping. `append` returns only when the line is safe on disk. */
export interface Journal {
  append(entry: Entry): void;
}

/** Where a run's events go for people and scripts. A view never throws. */
export interface View {
  show(entry: Entry): void;
  /** Draws what is left to draw and lets go of the terminal. */
  close(): Promise<void>;
}
