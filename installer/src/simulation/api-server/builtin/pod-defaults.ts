import type { Json } from '#kube/json';
import { amount, amounts } from './amounts.ts';
import { change, each, fill } from './fill.ts';

const probe = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };

/** The defaults of a pod's spec, as in Kubernetes 1.35. */
export function podSpecDefaults(spec: Json): Json {
  let next = fill(spec, {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    terminationGracePeriodSeconds: 30,
    schedulerName: 'default-scheduler',
    securityContext: {},
  });
  if (next.serviceAccountName !== undefined && next.serviceAccount === undefined) {
    next = { ...next, serviceAccount: next.serviceAccountName };
  }
  next = change(next, 'containers', (list) => each(list, container));
  next = change(next, 'initContainers', (list) => each(list, container));
  return change(next, 'volumes', (list) => each(list, volume));
}

/** What a pod of its own has beside the template's defaults. */
export function podDefaults(pod: Json): Json {
  const spec = change(pod, 'spec', (spec) => fill(podSpecDefaults(spec), { enableServiceLinks: true }));
  return fill(spec, { status: { phase: 'Pending', qosClass: quality(spec.spec) } });
}

function quality(spec: Json): string {
  const all: readonly Json[] = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])];
  const asks = all.map((one) => ({ limits: one.resources?.limits ?? {}, requests: one.resources?.requests ?? {} }));
  if (
    asks.every(({ limits, requests }) => [limits, requests].every((side) => !('cpu' in side) && !('memory' in side)))
  ) {
    return 'BestEffort';
  }
  const same = asks.every(({ limits, requests }) =>
    ['cpu', 'memory'].every((name) => name in limits && (requests[name] ?? limits[name]) === limits[name]),
  );
  return same ? 'Guaranteed' : 'Burstable';
}

function container(one: Json): Json {
  let next = fill(one, {
    imagePullPolicy: isFloating(one.image ?? '') ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    resources: {},
  });
  next = change(next, 'ports', (list) => each(list, (port) => fill(port, { protocol: 'TCP' })));
  next = change(next, 'env', (list) => each(list, variable));
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) next = change(next, name, probed);
  return change(next, 'resources', requested);
}

/** Canonical; a request that is not given is the limit. */
function requested(resources: Json): Json {
  const read = change(change(resources, 'limits', amounts), 'requests', amounts);
  return read.limits === undefined ? read : fill(read, { requests: read.limits });
}

function variable(one: Json): Json {
  if (one.valueFrom?.fieldRef === undefined) return one;
  return fill(one, { valueFrom: { fieldRef: { apiVersion: 'v1' } } });
}

function probed(one: Json): Json {
  const next = one.httpGet === undefined ? one : fill(one, { httpGet: { scheme: 'HTTP', path: '/' } });
  return fill(next.grpc === undefined ? next : fill(next, { grpc: { service: '' } }), probe);
}

/** Whether an image is named by no tag, or by `latest`. */
function isFloating(image: string): boolean {
  if (image.includes('@')) return false;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  return tag === undefined || tag === 'latest';
}

const kinds: Readonly<Record<string, Json>> = {
  configMap: { defaultMode: 420 },
  secret: { defaultMode: 420 },
  projected: { defaultMode: 420 },
  downwardAPI: { defaultMode: 420 },
  hostPath: { type: '' },
};

function volume(one: Json): Json {
  if (one.emptyDir?.sizeLimit !== undefined)
    return change(one, 'emptyDir', (source) => change(source, 'sizeLimit', amount));
  const kind = Object.keys(kinds).find((name) => one[name] !== undefined);
  return kind === undefined ? one : change(one, kind, (source) => fill(source, kinds[kind]));
}
