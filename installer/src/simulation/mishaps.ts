import type { Mishap } from './mishap.ts';
import { bundleMishaps } from './mishaps/in-bundle.ts';
import { clusterMishaps } from './mishaps/in-cluster.ts';
import { machineMishaps } from './mishaps/on-machines.ts';

export type { Mishap, Stage } from './mishap.ts';

/** Everything that can go wrong in a rehearsal on demand: `novasphere rehearse PROFILE --mishap NAME[@STEP]`. */
export const mishaps: readonly Mishap[] = [...bundleMishaps, ...machineMishaps, ...clusterMishaps];
