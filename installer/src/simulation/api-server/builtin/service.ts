import type { Json } from '#kube/json';
import { change, each, fill } from './fill.ts';

/** A Service with its defaults and the cluster address that it is given. */
export function serviceDefaults(object: Json, before: Json, allocate: () => string): Json {
  const typed = change(fill(object, { spec: { type: 'ClusterIP', sessionAffinity: 'None' } }), 'spec', (spec) =>
    change(spec, 'ports', (list) => each(list, port)),
  );
  const filled = fill(typed, { status: { loadBalancer: {} } });
  if (filled.spec.type === 'ExternalName') return filled;
  const clusterIP = filled.spec.clusterIP || before?.spec?.clusterIP || allocate();
  const spec = fill(
    { ...filled.spec, clusterIP },
    {
      clusterIPs: [clusterIP],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
      ...(filled.spec.type === 'ClusterIP' ? {} : { externalTrafficPolicy: 'Cluster' }),
    },
  );
  return { ...filled, spec };
}

function port(one: Json): Json {
  return fill(one, { protocol: 'TCP', targetPort: one.port });
}
