import type { Json } from '#kube/json';
import type { ClusterSight, KubeObject } from '#ports/cluster';
import { allOf, plainKinds } from './kinds.ts';
import { platformNamespaces } from './parts.ts';

/** A webhook configuration or an APIService of the platform behind which nobody is any more. */
export interface Abandoned {
  readonly object: KubeObject;
  /** As a sentence. */
  readonly why: string;
}

const webhookKinds = plainKinds.filter(({ kind }) => kind.endsWith('WebhookConfiguration'));
const apiKind = plainKinds.filter(({ kind }) => kind === 'APIService');

/** The webhook that an error message complains of: `failed calling webhook "NAME"`. */
export function webhookIn(text: string): string | undefined {
  return /failed calling webhook "([^"]+)"/.exec(text)?.[1];
}

/** APIs of the platform that the API server cannot reach: with them no namespace is ever known to be empty. */
export async function abandonedApis(cluster: ClusterSight): Promise<readonly Abandoned[]> {
  const all: readonly Json[] = await allOf(cluster, apiKind);
  return all.flatMap((object): readonly Abandoned[] => {
    const service = object.spec?.service;
    const available = (object.status?.conditions ?? []).find((one: Json) => one.type === 'Available');
    if (!platformNamespaces.includes(service?.namespace) || available?.status !== 'False') return [];
    return [{ object, why: available.message ?? `Service ${service.namespace}/${service.name} does not answer` }];
  });
}

/** The configurations of a webhook of the platform that `complaint` names, when nobody can answer for it any more. */
export async function abandonedWebhooks(cluster: ClusterSight, complaint: string): Promise<readonly Abandoned[]> {
  const name = webhookIn(complaint);
  const all: readonly Json[] = await allOf(cluster, webhookKinds);
  const found: Abandoned[] = [];
  for (const object of all) {
    const hook = (object.webhooks ?? []).find((one: Json) => one.name === name);
    const service = hook?.clientConfig?.service;
    if (service === undefined || !platformNamespaces.includes(service.namespace)) continue;
    const why = await silence(cluster, service);
    if (why !== undefined) found.push({ object, why });
  }
  return found;
}

/** Why nobody answers behind a Service; undefined when somebody can. */
async function silence(cluster: ClusterSight, { namespace, name }: Json): Promise<string | undefined> {
  const service = await cluster.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
  if (service === undefined) return `its Service ${namespace}/${name} does not exist any more`;
  const slices: readonly Json[] = await cluster.list({
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    namespace,
    labelSelector: `kubernetes.io/service-name=${name}`,
  });
  const isReady = slices.some(({ endpoints }) =>
    (endpoints ?? []).some((one: Json) => one.conditions?.ready !== false),
  );
  return isReady ? undefined : `no pod is ready behind its Service ${namespace}/${name}`;
}
