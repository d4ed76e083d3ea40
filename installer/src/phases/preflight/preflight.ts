import type { PhaseFor } from '#plan/plan';
import { versionsFit } from '../upgrade/versions-step.ts';
import { bundleStep } from './bundle-step.ts';
import { diskSpeedStep } from './disk-speed-step.ts';
import { machineStep } from './machine-step.ts';

/** Looks before anything is touched: what is red here would have failed later, and worse. */
export const preflight: PhaseFor = (site) => ({
  id: 'preflight',
  title: 'Preflight',
  on: 'each host',
  needs: [],
  steps: [bundleStep(site), machineStep(site), versionsFit(site), diskSpeedStep(site)],
});
