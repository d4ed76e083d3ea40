import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { isActive, isReady, ownerReference } from '../owned-pods.ts';
import { matchesLabels } from '../selector.ts';
import type { Shelf } from '../shelf.ts';

/** The pods behind a Service as an EndpointSlice; written only when they changed. */
export async function syncEndpoints(
  stage: Stage,
  pods: Shelf,
  service: KubeObject,
  written: Map<string, string>,
): Promise<undefined> {
  const { uid } = service.metadata;
  const { selector } = service['spec'];
  if (selector === undefined || service.metadata.deletionTimestamp !== undefined) return;
  const endpoints = podsBehind(service, pods)
    .filter((pod) => pod['status']?.podIP !== undefined)
    .map((pod) => endpoint(pod))
    .toSorted((one, other) => one.addresses[0].localeCompare(other.addresses[0]));
  const slice = sliceOf(service, endpoints);
  const text = JSON.stringify([slice.endpoints, slice.ports]);
  if (written.get(String(uid)) === text) return;
  written.set(String(uid), text);
  await stage.api.apply(slice, 'endpointslice-controller');
}

function sliceOf(service: KubeObject, endpoints: readonly Json[]): Json {
  const { name, namespace } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-endpoints`,
      namespace,
      labels: {
        'kubernetes.io/service-name': name,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
      },
      ownerReferences: [ownerReference(service)],
    },
    addressType: 'IPv4',
    endpoints,
    ports: (service['spec'].ports ?? []).map((port: Json) => ({
      name: port.name ?? '',
      port: targetPort(port),
      protocol: port.protocol ?? 'TCP',
    })),
  };
}

/** The pods that a Service's selector picks. */
function podsBehind(service: KubeObject, pods: Shelf): KubeObject[] {
  const { selector } = service['spec'];
  if (selector === undefined || selector === null) return [];
  return pods
    .all()
    .filter((pod) => pod.metadata.namespace === service.metadata.namespace && isActive(pod))
    .filter((pod) => matchesLabels(selector, pod.metadata.labels));
}

function endpoint(pod: KubeObject): Json {
  const ready = isReady(pod);
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: [pod['status'].podIP],
    conditions: { ready, serving: ready, terminating: false },
    nodeName: pod['spec'].nodeName,
    targetRef: { kind: 'Pod', name, namespace, uid },
  };
}

function targetPort(port: Json): number {
  return typeof port.targetPort === 'number' ? port.targetPort : port.port;
}
