import { existsSync } from 'node:fs';
import { absentCluster } from '#adapters/absent-cluster';
import { KubeCluster } from '#adapters/kube-cluster';
import { localHost } from '#adapters/local-host';
import { systemClock } from '#adapters/system-clock';
import type { Query, Request, Response, Transport, WatchEvent } from '#kube/transport';
import type { Bundle } from '#ports/bundle';
import type { Cluster } from '#ports/cluster';
import type { World } from '#ports/world';

export interface RealWorldOptions {
  /** Which node of the profile this machine is. */
  readonly node: string;
  readonly bundle: Bundle;
  /** How the cluster is reached; k3s writes it in the middle of a first run. */
  readonly kubeconfig: string;
  /** Looking only: a cluster that is not there yet counts as an empty one. */
  readonly mode: 'inspect' | 'apply';
}

/** This machine and the cluster that it belongs to. */
export function realWorld({ node, bundle, kubeconfig, mode }: RealWorldOptions): World {
  const clock = systemClock();
  const host = localHost(node);
  const isThere = mode === 'apply' || existsSync(kubeconfig);
  // Looking never writes, so that a sight is all that the engine will use of it.
  const cluster = isThere ? new KubeCluster(lateTransport(kubeconfig), clock) : (absentCluster() as Cluster);
  return { host: (name) => (name === node ? host : undefined), cluster, bundle, clock };
}

/** A transport that reads the kubeconfig when it is first needed and there. */
function lateTransport(kubeconfig: string): Transport {
  let made: Promise<Transport> | undefined;
  const transport = (): Promise<Transport> => {
    if (made !== undefined) return made;
    if (!existsSync(kubeconfig)) return Promise.reject(new Error(`there is no kubeconfig at ${kubeconfig} yet`));
    made = open(kubeconfig);
    return made;
  };
  return {
    request: async (request: Request): Promise<Response> => (await transport()).request(request),
    async *watch(path: string, query: Query, signal: AbortSignal): AsyncIterable<WatchEvent> {
      yield* (await transport()).watch(path, query, signal);
    },
  };
}

/** Loaded late: the package that reads a kubeconfig costs a quarter of a second. */
async function open(kubeconfig: string): Promise<Transport> {
  const [{ loadAccess }, { undiciTransport }] = await Promise.all([
    import('#kube/kubeconfig'),
    import('#kube/undici-transport'),
  ]);
  return undiciTransport(loadAccess(kubeconfig));
}
