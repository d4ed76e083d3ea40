import type { Act, Change, Gate, Step } from '#engine/step';
import type { Sight, Stage } from '#ports/world';
import { finding } from './finding.ts';

/** One thing that a host step wants to be so: a file, a unit, a loaded module. Steps are made of them, in order. */
export interface Part {
  /** What is not so yet. */
  changes(sight: Sight): Promise<readonly Change[]>;
  /** Makes it so; only called while there are changes. May be repeated. */
  make(stage: Stage, act: Act): Promise<void>;
  /** What is worth telling although nothing has to change. */
  notes?(sight: Sight): Promise<readonly string[]>;
}

export interface StepTitle {
  readonly id: string;
  readonly title: string;
  readonly gate?: Gate;
}

/** A step that is nothing but its parts. */
export function stepOf(about: StepTitle, ...parts: readonly Part[]): Step {
  return {
    ...about,
    async probe(sight) {
      const changes: Change[] = [];
      const notes: string[] = [];
      for (const part of parts) {
        changes.push(...(await part.changes(sight)));
        notes.push(...((await part.notes?.(sight)) ?? []));
      }
      return finding(changes, notes);
    },
    async apply(stage, act) {
      for (const part of parts) {
        const changes = await part.changes(stage);
        if (changes.length > 0) await part.make(stage, { ...act, changes });
      }
    },
  };
}

/** A step that changes nothing: it is there for its gate. */
export function gateStep(id: string, title: string, gate: Gate): Step {
  return stepOf({ id, title, gate });
}
