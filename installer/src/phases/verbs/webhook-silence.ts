import { Fault, reasons } from '#engine/fault';
import { minute } from '#engine/step';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import type { Sight } from '#ports/world';
import { nameOf } from './object-name.ts';
import type { Persistence } from './persistence.ts';
import { podTrouble, type Trouble } from './pod-trouble.ts';

/** A webhook whose pod is ready needs a moment until it listens; one that still does not after this never will. */
const patience = 3 * minute;
const unrouted = /i\/o timeout|deadline exceeded|no route to host/i;

/** A component that should answer behind a Service, and does not. */
export interface Silent {
  readonly fault: Fault;
  /** How the asking ended, in the words of the API server. */
  readonly said: string;
  readonly namespace: string;
  readonly name: string;
}

/** Why an admission webhook does not answer: from the fault to the Service, its pods, and what ails them. */
export async function webhookSilence(fault: Fault, sight: Sight, lasting: Persistence): Promise<Trouble> {
  const said = reasons(fault.cause).at(-1) ?? '';
  const [, name, namespace] = /Post "https:\/\/([^.]+)\.([^.]+)\.svc/.exec(said) ?? [];
  if (name === undefined || namespace === undefined) return plainly(fault, said);
  return serviceSilence({ fault, said, namespace, name }, sight, lasting);
}

/** The silent webhook that a component itself complains of in its status, where it does. */
export function silentWebhookIn(text: string): Fault | undefined {
  const [, name] = /failed calling webhook "([^"]+)"/.exec(text) ?? [];
  if (name === undefined || /denied the request/.test(text)) return undefined;
  const message = `the admission webhook ${name} does not answer`;
  return new Fault({ code: 'CLUSTER-WEBHOOK', message, cause: text, remedy: ['kubectl get pods --all-namespaces'] });
}

/** Why nothing answers behind a Service: its pods know, and where they are well it is the way to them. */
export async function serviceSilence(silent: Silent, sight: Sight, lasting: Persistence): Promise<Trouble> {
  const { fault, said, namespace, name } = silent;
  const plain = plainly(fault, said);
  const service: Json = await sight.cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
  if (service === undefined) return plain;
  const pods = await podsOf(service, sight);
  if (pods.length === 0) return { ...plain, because: `${fault.message}: no pod is behind ${nameOf(service)} yet` };
  for (const pod of pods) {
    const trouble = await podTrouble(pod, sight, lasting);
    if (trouble !== undefined) return { ...trouble, because: `${fault.message}: ${trouble.because}` };
  }
  const better = await silentThoughReady(silent, service, pods, sight);
  const stayed = lasting.stayed(`silent ${nameOf(service)}`, sight.now(), patience);
  return { because: plain.because, ...(stayed ? { hopeless: better } : { blame: better }) };
}

function plainly(fault: Fault, said: string): Trouble {
  return { because: [fault.message, said].filter(Boolean).join(': '), blame: fault };
}

async function podsOf({ metadata, spec }: Json, { cluster }: Sight): Promise<readonly KubeObject[]> {
  const labelSelector = Object.entries(spec.selector ?? {})
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(',');
  if (labelSelector === '') return [];
  const pods = await cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace: metadata.namespace, labelSelector });
  return pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
}

/** The hard case: everything looks well, and nothing answers. */
async function silentThoughReady(
  { fault, said, namespace, name }: Silent,
  service: KubeObject,
  pods: readonly KubeObject[],
  sight: Sight,
): Promise<Fault> {
  const root = said.slice(said.lastIndexOf('": ') + 1).replace(/^: /, '') || said;
  const log = await sight.cluster.logs({ namespace, name: pods[0]?.metadata.name ?? '', tailLines: 3 });
  const lines = (log ?? '').split('\n').filter((line) => line.trim() !== '');
  const { why, remedy } = kindOf(root);
  return new Fault({
    code: fault.code,
    message: `${fault.message}, though ${pods.length === 1 ? 'its pod is' : `its ${pods.length} pods are`} ready`,
    cause: new Error(why, { cause: root }),
    where: [`object ${nameOf(service)}`],
    evidence: [...pods.map(stateOf), ...lines.map((line) => `its log: ${line}`)],
    remedy: [
      `kubectl -n ${namespace} logs ${pods[0]?.metadata.name} --tail 50          what it says of itself`,
      `kubectl -n ${namespace} get endpointslices -l kubernetes.io/service-name=${name}          whether its address is known`,
      remedy ??
        `kubectl -n ${namespace} delete pod ${pods[0]?.metadata.name}          starts it anew; then run the same command again`,
    ],
  });
}

/** What the end of a connection says about the way to a pod that is ready. */
function kindOf(root: string): { readonly why: string; readonly remedy?: string } {
  if (unrouted.test(root))
    return {
      why: 'the API server does not reach the network of pods',
      remedy: 'ip -d link show flannel.1          whether the network of pods is up on this machine',
    };
  if (/x509: certificate signed by unknown authority/.test(root))
    return {
      why: 'it shows a certificate of another authority than the one in its webhook configuration',
      remedy:
        'kubectl -n cert-manager rollout restart deployment cert-manager-cainjector          writes the authority anew',
    };
  return { why: 'nothing listens behind its Service' };
}

function stateOf(pod: KubeObject): string {
  const statuses: readonly Json[] = pod['status']?.containerStatuses ?? [];
  const restarts = statuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);
  return `${nameOf(pod)} is Running and Ready, restarted ${restarts === 1 ? 'once' : `${restarts} times`}`;
}
