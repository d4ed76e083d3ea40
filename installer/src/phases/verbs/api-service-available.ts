import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import { type Condition, met, unmet } from './condition.ts';
import { Persistence } from './persistence.ts';
import { serviceSilence } from './webhook-silence.ts';

/** An aggregated API answers through the API server. */
export function apiServiceAvailable(name: string): Condition {
  const lasting = new Persistence();
  return async (sight) => {
    const ref = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', name };
    const live: Json = await sight.cluster.get(ref);
    if (live === undefined) return unmet(`APIService ${name} does not exist yet`);
    const state = (live.status?.conditions ?? []).find((one: Json) => one.type === 'Available');
    if (state?.status === 'True') return met(`APIService ${name} is available`);
    const said: string = state?.message ?? 'nothing is known of it yet';
    const because = `APIService ${name} is not available: ${said}`;
    const { service } = live.spec ?? {};
    if (service === undefined || state === undefined) return unmet(because);
    const silent = { fault: unavailable(name, said), said, namespace: service.namespace, name: service.name };
    return unmet(because, await serviceSilence(silent, sight, lasting));
  };
}

function unavailable(name: string, said: string): Fault {
  return new Fault({
    code: 'COMPONENT-FAILED',
    message: `the API ${name} does not answer`,
    cause: said,
    where: [`object APIService ${name}`],
    remedy: [`kubectl describe apiservice ${name}`],
  });
}
