import { undiciTransport } from '#kube/undici-transport';
import { listen } from '#simulation/api-server/listen';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { clusterContract } from './cluster-contract.ts';

/** The same claims through a real socket: they hold the real transport to account. */
clusterContract('the simulated API server over HTTP', async () => {
  const clock = new VirtualClock();
  const server = new SimulatedApiServer({ clock });
  const listening = await listen(server);
  const transport = undiciTransport({ current: async () => ({ server: listening.url, headers: {}, tls: {} }) });
  return {
    transport,
    pass: async (milliseconds) => {
      // Simulated time must not outrun what is on the wire.
      await new Promise((resolve) => setTimeout(resolve, 2));
      await clock.sleep(milliseconds);
    },
    now: () => clock.now(),
    forgetHistory: async () => server.compact(),
    close: async () => {
      await transport.close();
      await listening.close();
    },
  };
});
