import { kubevirtPrograms } from '../kubevirt/programs.ts';
import { longhornPrograms } from '../longhorn/programs.ts';
import { multusPrograms } from '../multus/multus.ts';
import { nmstatePrograms } from '../nmstate/programs.ts';
import { snapshotterPrograms } from '../snapshotter/snapshotter.ts';
import type { Program } from './program.ts';
import { trialProgram } from './trials.ts';

/** Every program that the simulation knows by its own behaviour; all others just serve, or end well. */
export const programs: readonly Program[] = [
  trialProgram,
  ...kubevirtPrograms,
  ...longhornPrograms,
  ...multusPrograms,
  ...nmstatePrograms,
  ...snapshotterPrograms,
];
