import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '#adapters/system-clock';
import { bedOn } from '../diagnosis/bed.ts';
import { explainContract } from '../diagnosis/explain-contract.ts';
import { ControlPlane } from '../testbed/control-plane.ts';

/** The explanations of the simulated cluster, word for word, on a real API server with its real controllers. */
explainContract('a real control plane', {
  async make() {
    const plane = await ControlPlane.start();
    return bedOn(plane.transport('admin'), systemClock(), { settling: 200, close: () => plane.close() });
  },
  beforeAll,
  afterAll,
});
