import type { Json } from '#kube/json';
import type { Request, Response } from '#kube/transport';
import type { Core } from './core.ts';
import type { Kind } from './kinds.ts';
import type { PodLogs } from './pod-logs.ts';
import { read } from './read.ts';
import { refuse } from './refusal.ts';
import { remove } from './remove.ts';
import { touch } from './touch.ts';
import { selectorMatches } from './webhook-rules.ts';
import { type Intent, write } from './write.ts';

export interface Below {
  readonly kind: Kind;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly request: Request;
  readonly intent: Omit<Intent, 'mode'>;
}

type Answer = (core: Core, below: Below, logs: PodLogs) => Promise<Response> | Response;

/** What is below an object beside its status, by `METHOD subresource`. */
export const subresources: Readonly<Record<string, Answer>> = {
  'GET log': log,
  'POST eviction': evict,
  'POST binding': bind,
  'POST token': token,
  'PUT finalize': finalize,
  'GET scale': (core, below) => ({ status: 200, body: scaleOf(read(core, below.kind, below.namespace, below.name)) }),
  'PUT scale': scale,
  'PATCH scale': scale,
};

function log(core: Core, { kind, namespace, name, request }: Below, logs: PodLogs): Response {
  const pod = read(core, kind, namespace, name);
  const containers: readonly Json[] = [...(pod['spec'].containers ?? []), ...(pod['spec'].initContainers ?? [])];
  const preferred = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const container = request.query?.['container'] || preferred || containers[0]?.name;
  if (!containers.some((one) => one.name === container)) {
    throw refuse.badRequest(`container ${container} is not valid for pod ${name}`);
  }
  const tail = request.query?.['tailLines'];
  const text = logs.read(`${namespace}/${name}/${container}`, tail === undefined ? undefined : Number(tail));
  if (text !== undefined) return { status: 200, body: text };
  if (isWaiting(pod, container)) {
    throw refuse.badRequest(
      `container "${container}" in pod "${name}" is waiting to start: ${waitingFor(pod, container)}`,
    );
  }
  return { status: 200, body: '' };
}

function statusOf(pod: Json, container: string): Json {
  const all = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  return all.find((one) => one.name === container)?.state;
}

function isWaiting(pod: Json, container: string): boolean {
  const state = statusOf(pod, container);
  return state?.running === undefined && state?.terminated === undefined;
}

function waitingFor(pod: Json, container: string): string {
  return statusOf(pod, container)?.waiting?.reason ?? 'ContainerCreating';
}

async function evict(core: Core, { kind, namespace, name, request, intent }: Below): Promise<Response> {
  const pod = read(core, kind, namespace, name);
  const budgets = core.store.list('policy/poddisruptionbudgets').filter((one) => {
    const selector = one['spec']?.selector;
    return one.metadata.namespace === namespace && selector && selectorMatches(selector, pod.metadata.labels ?? {});
  });
  const blocking = budgets.find((one) => !(one['status']?.disruptionsAllowed > 0));
  if (blocking !== undefined) throw refuse.tooManyDisruptions(blocking);
  const options: Json = (request.body as Json)?.deleteOptions ?? {};
  const grace = options.gracePeriodSeconds;
  await remove(core, { kind, namespace, name, dryRun: intent.dryRun, ...(grace === undefined ? {} : { grace }) });
  return { status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
}

/** What the scheduler does: gives a pod its node. */
function bind(core: Core, { kind, namespace, name, request, intent }: Below): Response {
  const pod = read(core, kind, namespace, name);
  const node: string = (request.body as Json)?.target?.name ?? '';
  if (pod['spec'].nodeName !== undefined) {
    throw refuse.conflict(kind, name, `pod ${name} is already assigned to node "${pod['spec'].nodeName}"`);
  }
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: new Date(core.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
  };
  if (!intent.dryRun) {
    touch(core, kind, { namespace, name }, (object) => ({
      ...object,
      spec: { ...object.spec, nodeName: node },
      status: { ...object.status, conditions: [...others(object), scheduled] },
    }));
  }
  return { status: 201, body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 } };
}

function others(pod: Json): readonly Json[] {
  return (pod.status?.conditions ?? []).filter((one: Json) => one.type !== 'PodScheduled');
}

function token(core: Core, { kind, namespace, name, request }: Below): Response {
  read(core, kind, namespace, name);
  const asked: Json = request.body ?? {};
  const expirationTimestamp = new Date(core.clock.now() + (asked.spec?.expirationSeconds ?? 3600) * 1000).toISOString();
  const status = { token: `simulated.${namespace}.${name}`, expirationTimestamp };
  const metadata = { name, namespace };
  return {
    status: 201,
    body: { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata, spec: asked.spec ?? {}, status },
  };
}

function finalize(core: Core, { kind, name, request }: Below): Response {
  const finalizers = (request.body as Json)?.spec?.finalizers ?? [];
  const before = read(core, kind, undefined, name);
  touch(core, kind, { name }, (object) => ({ ...object, spec: { ...object.spec, finalizers } }));
  return { status: 200, body: core.store.get(kind.stored, name) ?? before };
}

function scaleOf(object: Json): Json {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = Object.entries<string>(object.spec.selector?.matchLabels ?? {}).map(
    ([key, value]) => `${key}=${value}`,
  );
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: object.spec.replicas ?? 0 },
    status: { replicas: object.status?.replicas ?? 0, selector: labels.join(',') },
  };
}

async function scale(core: Core, { intent, request }: Below): Promise<Response> {
  const replicas: Json = (request.body as Json)?.spec?.replicas;
  if (!Number.isInteger(replicas))
    throw refuse.badRequest(
      'the simulated API server scales by an object with spec.replicas only; teach it other patches of the scale subresource',
    );
  const next = (live: Json) => ({ ...live, spec: { ...live.spec, replicas } });
  const { object } = await write(core, { ...intent, mode: 'update', next });
  return { status: 200, body: scaleOf(object) };
}
