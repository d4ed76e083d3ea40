import type { Catalog } from '#catalog/catalog';
import type { Unit } from '#engine/run';
import { resetPhases } from '#phases/reset/reset';
import type { ResetWish } from '#phases/reset/wish';
import type { Profile } from '#profile/schema';
import { compile } from './compile.ts';
import type { Circumstances, Plan } from './plan.ts';

/** Profile + Catalog → the plan of taking everything off: on machines the agents first, and the first server last. */
export function compileReset(
  profile: Profile,
  catalog: Catalog,
  wish: ResetWish,
  circumstances: Circumstances = {},
): Plan {
  const plan = compile(profile, catalog, resetPhases(wish), circumstances);
  const byPhase = Map.groupBy(plan.units, ({ phase }) => phase.id);
  const units = [...byPhase.values()].flatMap((all): readonly Unit[] => all.toReversed());
  return { ...plan, units };
}
