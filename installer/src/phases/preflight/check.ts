import type { Fault } from '#engine/fault';
import type { Site } from '#plan/plan';
import type { Inventory } from '#ports/facts';
import type { Sight } from '#ports/world';

/** What a check may look at. `facts` were read once for all checks of a run. */
export interface Machine {
  readonly site: Site;
  readonly sight: Sight;
  readonly facts: Inventory;
}

/** Red (a fault), or worth telling (a sentence). Nothing said means green. */
export type Remark = Fault | string;

/** One line of the preflight table. */
export type Check = (machine: Machine) => Promise<readonly Remark[]> | readonly Remark[];
