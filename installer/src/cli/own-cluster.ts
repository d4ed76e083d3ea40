import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault } from '#engine/fault';
import type { Unit } from '#engine/run';
import type { NodeIdentity } from '#facts/machine-identity';
import type { Json } from '#kube/json';
import type { Transport } from '#kube/transport';
import type { Call } from './call.ts';
import { identityOf } from './given-cluster.ts';

/** What k3s writes on its servers. */
export const ownKubeconfig = '/etc/rancher/k3s/k3s.yaml';

/** The kubeconfig of another cluster, where one was named; undefined for the one of this machine. */
export function givenKubeconfig({ options }: Call): string | undefined {
  const given = options.text('kubeconfig');
  return given === undefined || resolve(given) === ownKubeconfig ? undefined : given;
}

const patience = 5000;

/** The Nodes of the cluster on this machine; undefined while it does not answer, for whatever reason. */
export async function ownNodes(transport: Transport): Promise<readonly NodeIdentity[] | undefined> {
  if (!existsSync(ownKubeconfig)) return undefined;
  try {
    const signal = AbortSignal.timeout(patience);
    const { status, body } = await transport.request({ method: 'GET', path: '/api/v1/nodes', signal });
    const list: Json = body;
    return status === 200 ? list.items.map(identityOf) : undefined;
  } catch {
    return undefined;
  }
}

/** Refuses to wait for a cluster that nobody is going to found: only its own phases were asked for, and none is here. */
export function requireCluster(units: readonly Unit[], call: Call): void {
  const founds = units.some(({ phase }) => phase.on === 'each host' && phase.steps.some((step) => !step.withoutHost));
  if (founds || givenKubeconfig(call) !== undefined || existsSync(ownKubeconfig)) return;
  const { KUBECONFIG } = call.terminal.environment;
  throw new Fault({
    code: 'KUBECONFIG-INVALID',
    message: 'there is no Kubernetes on this machine, and no other cluster was named',
    cause: `${ownKubeconfig}, which k3s writes, is not there`,
    evidence: KUBECONFIG
      ? [`KUBECONFIG names ${KUBECONFIG}; a cluster is never changed because it happens to be the current one`]
      : [],
    remedy: [
      'add --kubeconfig FILE          for a cluster elsewhere',
      'novasphere apply PROFILE          without --from and --only, to install Kubernetes here first',
    ],
  });
}
