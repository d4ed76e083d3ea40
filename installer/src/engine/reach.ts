import type { World } from '#ports/world';
import type { Unit } from './unit.ts';

/** What of a plan can be walked in a world, and what has to be left to other machines. */
export interface Reach {
  readonly here: readonly Unit[];
  readonly elsewhere: readonly Unit[];
}

/**
 * Phases of the cluster need no machine under their hands, phases on each host do. Of those whose machine is out of
 * reach only the steps that look at bundle and cluster alone are left, and they once: on the first host of the phase.
 */
export function reach(units: readonly Unit[], world: Pick<World, 'host'>): Reach {
  const here: Unit[] = [];
  const elsewhere: Unit[] = [];
  const seen = new Set<string>();
  for (const unit of units) {
    const isFirst = seen.size !== seen.add(unit.phase.id).size;
    const near = within(unit, isFirst, world);
    if (near !== undefined) here.push(near);
    if (near === undefined || near.phase.steps.length < unit.phase.steps.length) elsewhere.push(unit);
  }
  return { here, elsewhere: elsewhere.filter(({ phase }) => phase.steps.length > 0) };
}

function within(unit: Unit, isFirst: boolean, world: Pick<World, 'host'>): Unit | undefined {
  const host = world.host(unit.host);
  if (host === undefined) return undefined;
  if (host.outOfReach !== true || unit.phase.on === 'cluster') return unit;
  const steps = isFirst ? unit.phase.steps.filter((step) => step.withoutHost) : [];
  return steps.length === 0 ? undefined : { ...unit, phase: { ...unit.phase, steps } };
}
