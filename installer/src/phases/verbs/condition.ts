import type { Fault } from '#engine/fault';
import type { Gate } from '#engine/step';
import type { ObjectRef } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { rootBehind } from './root-behind.ts';

/** The object that a condition waits for, as the root of a long wait is looked up by. */
export type Awaited = Omit<ObjectRef, 'apiVersion'>;

/** What is known of something that is not so yet; `blame` is the fault that the end of patience turns into. */
interface Known {
  readonly hopeless?: Fault;
  readonly blame?: Fault;
  readonly about?: Awaited;
}

/** What a condition saw. */
export type Seen =
  | { readonly ready: true; readonly evidence: readonly string[] }
  | ({ readonly ready: false; readonly because: string } & Known);

/** A state of the world that is looked for; gates are made of them. */
export type Condition = (sight: Sight) => Promise<Seen>;

export function met(...evidence: readonly string[]): Seen {
  return { ready: true, evidence };
}

export function unmet(because: string, known: Known = {}): Seen {
  return { ...known, ready: false, because };
}

/** Looks at one after the other and stops at the first that is not met. */
export function inOrder(...conditions: readonly Condition[]): Condition {
  return async (sight) => {
    const evidence: string[] = [];
    for (const condition of conditions) {
      const seen = await condition(sight);
      if (!seen.ready) return seen;
      evidence.push(...seen.evidence);
    }
    return met(...evidence);
  };
}

/** Looks at all of them: one that is hopeless speaks first, then one that knows whom to blame, then the first. */
export function every(...conditions: readonly Condition[]): Condition {
  return async (sight) => {
    const all = await Promise.all(conditions.map((condition) => condition(sight)));
    const open = all.filter((seen) => !seen.ready);
    const first = open.find((seen) => seen.hopeless) ?? open.find((seen) => seen.blame) ?? open[0];
    return first ?? met(...all.flatMap((seen) => (seen.ready ? seen.evidence : [])));
  };
}

/** A gate that is passed when all conditions are met, looked at in order; a long wait is told with its root. */
export function gate(about: Omit<Gate, 'check' | 'explain'>, ...conditions: readonly Condition[]): Gate {
  const condition = rootBehind(inOrder(...conditions));
  let blame: Fault | undefined;
  return {
    ...about,
    async check(sight) {
      const seen = await condition(sight);
      blame = seen.ready ? undefined : seen.blame;
      return seen;
    },
    explain: async () => blame,
  };
}
