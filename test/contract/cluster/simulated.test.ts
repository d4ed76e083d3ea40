import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { clusterContract } from './cluster-contract.ts';

clusterContract('the simulated API server', async () => {
  const clock = new VirtualClock();
  const server = new SimulatedApiServer({ clock });
  return {
    transport: server,
    forgetHistory: async () => server.compact(),
    pass: (milliseconds) => clock.sleep(milliseconds),
    now: () => clock.now(),
  };
});
