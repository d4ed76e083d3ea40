import { existsSync } from 'node:fs';
import { meet } from '#adapters/cluster-contact';
import { KubeCluster } from '#adapters/kube-cluster';
import { readKubeconfig } from '#adapters/kubeconfig-file';
import { systemClock } from '#adapters/system-clock';
import { type Diagnosis, diagnose } from '#diagnosis/diagnose';
import { Fault } from '#engine/fault';
import { ownKubeconfig } from './own-cluster.ts';

/** What is so in a cluster at one moment. */
export interface ClusterLook {
  /** ISO time. */
  readonly at: string;
  readonly seconds: number;
  readonly diagnosis: Diagnosis;
}

/** Looks at the cluster of a kubeconfig. Faults when it cannot be reached. */
export async function lookAt(kubeconfig: string): Promise<ClusterLook> {
  const clock = systemClock();
  const facts = await readKubeconfig(kubeconfig, clock.now());
  // Loaded late: the package that reads credentials costs a quarter of a second.
  const [{ loadAccess }, { undiciTransport }] = await Promise.all([
    import('#kube/kubeconfig'),
    import('#kube/undici-transport'),
  ]);
  const access = loadAccess(kubeconfig);
  const transport = undiciTransport(access);
  try {
    await meet({ facts, access, transport, clock });
    const began = clock.elapsed();
    const diagnosis = await diagnose({ cluster: new KubeCluster(transport, clock), now: () => clock.now() });
    const seconds = (clock.elapsed() - began) / 1000;
    return { at: new Date(clock.now()).toISOString(), seconds, diagnosis };
  } finally {
    await transport.close();
  }
}

/** Nobody who asks what went wrong last night waits longer for what is so now. */
const patience = 15_000;

/** How the cluster of this machine is now: undefined when there is none, a Fault when it does not say so in time. */
export async function lookHere(): Promise<ClusterLook | Fault | undefined> {
  if (!existsSync(ownKubeconfig)) return undefined;
  const waiting = new AbortController();
  const late = systemClock()
    .sleep(patience, waiting.signal)
    .then(tooLate, () => tooLate());
  try {
    return await Promise.race([lookAt(ownKubeconfig), late]);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  } finally {
    waiting.abort();
  }
}

function tooLate(): Fault {
  return new Fault({
    code: 'CLUSTER-UNREACHABLE',
    message: `the cluster of this machine has not answered within ${patience / 1000} s`,
    remedy: ['systemctl status k3s', `novasphere explain --kubeconfig ${ownKubeconfig}          waits for it`],
  });
}
