import type { KubeObject } from '#ports/cluster';
import type { ChangeRecord } from '#ports/journal';
import type { Sight, Stage } from '#ports/world';
import type { Fault } from './fault.ts';

/** One thing that a step would change, as plan, confirmation, journal and report print it. */
export type Change = ChangeRecord;

/**
 * What a probe found.
 * - `converged`: as wanted, nothing to do.
 * - `drifted`: these changes are needed, at least one.
 * - `blocked`: cannot go on; the fault says why and what to do.
 *
 * `notes` are facts or warnings worth telling.
 */
export type Finding =
  | { readonly state: 'converged'; readonly notes?: readonly string[] }
  | { readonly state: 'drifted'; readonly changes: readonly [Change, ...Change[]]; readonly notes?: readonly string[] }
  | { readonly state: 'blocked'; readonly fault: Fault };

/**
 * What a gate saw.
 * - `ready`: passed; `evidence` is what the report shows as proof.
 * - not ready: `because` says what is missing now, as a sentence without full stop that names the object.
 * - `hopeless`: will not heal by waiting; the run stops at once with that fault.
 */
export type Verdict =
  | { readonly ready: true; readonly evidence: readonly string[] }
  | { readonly ready: false; readonly because: string; readonly hopeless?: Fault };

/** A condition of the world that is waited for. It is re-evaluated when what it read has changed. */
export interface Gate {
  /** In the middle of a sentence: "every node to report Ready". */
  readonly title: string;
  /** Milliseconds after which the wait is called slow, and after which it is given up. */
  readonly soft: number;
  readonly hard: number;
  /** Milliseconds between looks at what sends no events (a host command). Default: 2 s; the cluster needs none. */
  readonly every?: number;
  check(sight: Sight): Promise<Verdict>;
  /** Turns the end of patience into a better fault than GATE-TIMEOUT. */
  explain?(sight: Sight, because: string): Promise<Fault | undefined>;
}

/** What an `apply` is given beside the stage. */
export interface Act {
  /** What the probe said is needed. */
  readonly changes: readonly Change[];
  /** Aborts when the run has to stop now. */
  readonly signal: AbortSignal;
  /** Waits for a condition in the middle of acting; tells the views; faults when it is not met in time. */
  waitFor(gate: Gate): Promise<readonly string[]>;
}

/** The smallest repeatable act: look, do, look again. */
export interface Step {
  /** `host/kernel-modules`: `<phase>/<name>`, stable for ever. */
  readonly id: string;
  /** Imperative sentence without full stop: "Load kernel modules". */
  readonly title: string;
  /** Ids of steps whose gates must have passed before this one starts. Order inside a phase needs none. */
  readonly needs?: readonly string[];
  /** Nothing else may be under way while this step is. */
  readonly exclusive?: true;
  /** Looks at bundle and cluster alone: also taken where the machine of its phase is out of reach. */
  readonly withoutHost?: true;
  /** Every Kubernetes object that it applies, as far as that can be said beforehand; absent where it applies none. */
  objects?(sight: Sight): Promise<readonly KubeObject[]>;
  probe(sight: Sight): Promise<Finding>;
  /** May be repeated, and may have been cut at any point before. */
  apply(stage: Stage, act: Act): Promise<void>;
  /** Waited for after the step is converged, on every run. */
  readonly gate?: Gate;
  /**
   * Takes back what the phase did when this step or a later one of the same phase has failed with `fault`; only where
   * that is honest. Says what it took back, or undefined when there was nothing that it should.
   */
  undo?(stage: Stage, fault: Fault, act: Pick<Act, 'waitFor'>): Promise<string | undefined>;
}

/** A titled group of steps that run one after the other. */
export interface Phase {
  readonly id: string;
  readonly title: string;
  /** `cluster` steps see the first server as their host. */
  readonly on: 'each host' | 'cluster';
  /** Phases whose gates must have passed before this one starts. */
  readonly needs: readonly string[];
  /** Never overlaps another phase. */
  readonly exclusive?: true;
  /** On how many hosts it may be under way at the same time. Default: on all of them. */
  readonly atOnce?: number;
  readonly steps: readonly Step[];
}

export const second = 1000;
export const minute = 60 * second;
