import { KubeCluster } from '#adapters/kube-cluster';
import { KubeClient } from '#kube/client';
import type { Request, Response, Transport } from '#kube/transport';
import type { Clock } from '#ports/clock';
import type { ClusterSight } from '#ports/cluster';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { workloadsDouble } from '#simulation/doubles/workloads/workloads';
import { VirtualClock } from '#simulation/virtual-clock';

/** A cluster with controllers and without kubelets: the test plays those. */
export interface ExplainBed {
  readonly client: KubeClient;
  readonly cluster: ClusterSight;
  readonly clock: Clock;
  /** What containers have printed, by `namespace/pod/container`, of the life before with `/previous` behind. */
  readonly logs: Map<string, string>;
  /** Milliseconds by which controllers have let go of what was deleted. */
  readonly settling: number;
  close(): Promise<void>;
}

/** A bed on any API server; container logs come from a shelf of the test, as there is no kubelet to ask. */
export function bedOn(server: Transport, clock: Clock, about: Pick<ExplainBed, 'settling' | 'close'>): ExplainBed {
  const logs = new Map<string, string>();
  const transport: Transport = {
    request: async (request) => logAnswer(request, logs) ?? server.request(request),
    watch: (path, query, signal) => server.watch(path, query, signal),
  };
  const client = new KubeClient({ transport, fieldManager: 'explained', sleep: clock.sleep.bind(clock) });
  return { client, cluster: new KubeCluster(transport, clock), clock, logs, ...about };
}

function logAnswer({ method, path, query = {} }: Request, logs: ReadonlyMap<string, string>): Response | undefined {
  const [, namespace, pod] = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/log$/.exec(path) ?? [];
  if (method !== 'GET' || pod === undefined) return undefined;
  const life = query['previous'] === 'true' ? '/previous' : '';
  return { status: 200, body: logs.get(`${namespace}/${pod}/${query['container']}${life}`) ?? '' };
}

/** The simulated API server, with a double in the place of the controller manager. */
export function simulatedBed(): ExplainBed {
  const clock = new VirtualClock();
  const server = new SimulatedApiServer({ clock });
  const life = new AbortController();
  const running = workloadsDouble({
    transport: server,
    clock,
    machines: [],
    troubles: { has: () => false },
    services: server.services,
    logs: server.logs,
    openApi: (groupVersion, serve) => server.openApi(groupVersion, serve),
    signal: life.signal,
    random: () => 0.5,
  });
  const close = async () => {
    life.abort();
    await running;
  };
  return bedOn(server, clock, { settling: 5000, close });
}
