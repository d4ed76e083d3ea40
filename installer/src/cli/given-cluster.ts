import { meet } from '#adapters/cluster-contact';
import { requireRights } from '#adapters/cluster-rights';
import { KubeCluster } from '#adapters/kube-cluster';
import { readKubeconfig } from '#adapters/kubeconfig-file';
import { systemClock } from '#adapters/system-clock';
import type { Catalog } from '#catalog/catalog';
import { judgeKubernetes } from '#catalog/kubernetes-range';
import type { NodeIdentity } from '#facts/machine-identity';
import type { Json } from '#kube/json';
import type { Transport } from '#kube/transport';

/** A cluster that was named on the command line and has answered. */
export interface GivenCluster {
  readonly transport: Transport;
  /** `https://10.7.0.10:6443`. */
  readonly server: string;
  readonly nodes: readonly NodeIdentity[];
}

/** The API groups of the kinds that the components bring themselves. */
const groups = [
  'longhorn.io',
  'snapshot.storage.k8s.io',
  'k8s.cni.cncf.io',
  'nmstate.io',
  'kubevirt.io',
  'cdi.kubevirt.io',
  'cert-manager.io',
  'vm.novasphere.dev',
];

/** Whether the cluster of a kubeconfig can be worked with: it answers, is of a known version, and lets this user in. */
export async function givenCluster(
  path: string,
  catalog: Catalog,
  tell: (text: string) => void,
): Promise<GivenCluster> {
  const clock = systemClock();
  const facts = await readKubeconfig(path, clock.now());
  // Loaded late: the package that reads credentials costs a quarter of a second.
  const [{ loadAccess }, { undiciTransport }] = await Promise.all([
    import('#kube/kubeconfig'),
    import('#kube/undici-transport'),
  ]);
  const access = loadAccess(path);
  const transport = undiciTransport(access);
  const version = await meet({ facts, access, transport, clock });
  tell(`cluster ${facts.server}, Kubernetes ${version}, as ${facts.user} (context ${facts.context} of ${path})\n`);
  for (const warning of judgeKubernetes(version, facts.server, catalog)) tell(`${warning}\n`);
  await requireRights(transport, facts, groups);
  const nodes = await new KubeCluster(transport, clock).list({ apiVersion: 'v1', kind: 'Node' });
  return { transport, server: facts.server, nodes: nodes.map(identityOf) };
}

/** The machine of a Node, as its kubelet has told it last. */
export function identityOf({ metadata, status }: Json): NodeIdentity {
  const { machineID = '', systemUUID = '', bootID = '' } = status?.nodeInfo ?? {};
  return { name: metadata.name, machineID, systemUUID, bootID };
}
