import { Fault } from '#engine/fault';
import type { ClusterSight, KubeObject } from '#ports/cluster';

const metadata = { name: 'novasphere-trial', namespace: 'default' };

/** One object for each component whose admission webhook must answer; none of them is ever made. */
const samples: readonly KubeObject[] = [
  { apiVersion: 'cert-manager.io/v1', kind: 'Issuer', metadata, spec: { selfSigned: {} } },
  {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata,
    spec: { runStrategy: 'Halted', template: { spec: { domain: { devices: {} } } } },
  },
  {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata,
    spec: { source: { blank: {} }, storage: { resources: { requests: { storage: '64Mi' } } } },
  },
];

/** Asks the webhooks of the platform by dry runs; gives what the API server says of those that do not answer. */
export async function askWebhooks(cluster: ClusterSight): Promise<readonly string[]> {
  const answers = await Promise.all(samples.map((sample) => silenceOf(sample, cluster)));
  return answers.filter((one) => one !== undefined);
}

async function silenceOf(sample: KubeObject, cluster: ClusterSight): Promise<string | undefined> {
  if (!(await cluster.serves(sample.apiVersion, sample.kind))) return undefined;
  try {
    await cluster.rehearseCreate(sample);
    return undefined;
  } catch (error) {
    // A refusal is an answer; that this user may not ask is none of the cluster's faults.
    if (!(error instanceof Fault)) throw error;
    return error.code === 'CLUSTER-WEBHOOK' ? error.record().because.join(': ') : undefined;
  }
}
