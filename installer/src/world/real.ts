import { existsSync } from 'node:fs';
import { absentCluster } from '#adapters/absent-cluster';
import { KubeCluster } from '#adapters/kube-cluster';
import { localHost } from '#adapters/local-host';
import { outOfReachHost } from '#adapters/out-of-reach-host';
import { systemClock } from '#adapters/system-clock';
import type { Request, Response, Transport, WatchEvent } from '#kube/transport';
import type { Bundle } from '#ports/bundle';
import type { Cluster } from '#ports/cluster';
import type { World } from '#ports/world';

export interface RealWorldOptions {
  /** Which node of the profile this machine is; undefined when it is none. */
  readonly node: string | undefined;
  readonly bundle: Bundle;
  /** How the cluster is spoken to; undefined for one that is not there yet, which counts as an empty one. */
  readonly transport: Transport | undefined;
  /** Where the cluster is, when it was named. Then it is driven from here, and nodes that are other machines are out of reach. */
  readonly server?: string;
}

/** This machine and a cluster. */
export function realWorld({ node, bundle, transport, server }: RealWorldOptions): World {
  const clock = systemClock();
  const host = node === undefined ? undefined : localHost(node);
  // Looking never writes, so that a sight is all that the engine will use of it.
  const cluster = transport === undefined ? (absentCluster() as Cluster) : new KubeCluster(transport, clock);
  const other = (name: string) => (server === undefined ? undefined : outOfReachHost(name));
  return {
    host: (name) => (name === node ? host : other(name)),
    cluster,
    bundle,
    clock,
    ...(node === undefined && server !== undefined ? { remote: { server } } : {}),
  };
}

/** A transport that reads the kubeconfig when it is first needed and there: k3s writes it in the middle of a first run. */
export function lateTransport(kubeconfig: string): Transport {
  let made: Promise<Transport> | undefined;
  const transport = (): Promise<Transport> => {
    if (made !== undefined) return made;
    // As a server that does not answer yet: whoever can wait for that waits for this.
    if (!existsSync(kubeconfig))
      return Promise.reject(
        Object.assign(new Error(`there is no kubeconfig at ${kubeconfig} yet`), { code: 'ENOENT' }),
      );
    made = open(kubeconfig);
    return made;
  };
  return {
    request: async (request: Request): Promise<Response> => (await transport()).request(request),
    async *watch(...asked: Parameters<Transport['watch']>): AsyncIterable<WatchEvent> {
      yield* (await transport()).watch(...asked);
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
