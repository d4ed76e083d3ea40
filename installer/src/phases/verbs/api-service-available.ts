import type { Json } from '#kube/json';
import { type Condition, met, unmet } from './condition.ts';

/** An aggregated API answers through the API server. */
export function apiServiceAvailable(name: string): Condition {
  return async (sight) => {
    const ref = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', name };
    const service: Json = await sight.cluster.get(ref);
    if (service === undefined) return unmet(`APIService ${name} does not exist yet`);
    const state = (service.status?.conditions ?? []).find((one: Json) => one.type === 'Available');
    if (state?.status === 'True') return met(`APIService ${name} is available`);
    return unmet(`APIService ${name} is not available: ${state?.message ?? 'nothing is known of it yet'}`);
  };
}
