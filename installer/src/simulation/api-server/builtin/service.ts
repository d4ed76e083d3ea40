import type { Json } from '#kube/json';
import { change, each, fill } from './fill.ts';

/** What a Service is given when it is read. */
export function serviceDefaults(object: Json): Json {
  const { type = 'ClusterIP' } = object.spec ?? {};
  const traffic = type === 'ExternalName' ? {} : { internalTrafficPolicy: 'Cluster' };
  const outside = type === 'NodePort' || type === 'LoadBalancer' ? { externalTrafficPolicy: 'Cluster' } : {};
  const typed = change(
    fill(object, { spec: { type, sessionAffinity: 'None', ...traffic, ...outside } }),
    'spec',
    (spec) => change(spec, 'ports', (list) => each(list, port)),
  );
  return fill(typed, { status: { loadBalancer: {} } });
}

/** A Service with the cluster address that it is given, and keeps. */
export function serviceAddress(object: Json, before: Json, allocate: () => string): Json {
  if (object.spec.type === 'ExternalName') return object;
  const clusterIP = object.spec.clusterIP || before?.spec?.clusterIP || allocate();
  const given = { clusterIPs: [clusterIP], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
  return { ...object, spec: fill({ ...object.spec, clusterIP }, given) };
}

function port(one: Json): Json {
  return fill(one, { protocol: 'TCP', targetPort: one.port });
}
