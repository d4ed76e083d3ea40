import type { Json } from '#kube/json';
import type { Transport } from '#kube/transport';

/**
 * What doubles speak to a real API server through: their certificates have the right shape alone, so that wherever
 * they name the authority behind a webhook or an aggregated API, the bed's own takes its place.
 */
export function doubleTransport(transport: Transport, authority: string): Transport {
  const bundle = btoa(authority);
  return {
    request: (request) =>
      transport.request(request.body === undefined ? request : { ...request, body: exchanged(request.body, bundle) }),
    watch: (...asked) => transport.watch(...asked),
  };
}

function exchanged(value: Json, bundle: string): Json {
  if (Array.isArray(value)) return value.map((one) => exchanged(one, bundle));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) =>
    key === 'caBundle' && typeof inner === 'string' && inner !== '' ? [key, bundle] : [key, exchanged(inner, bundle)],
  );
  return Object.fromEntries(entries);
}
