import { sameQuantity } from '#kube/quantity';

/** Fields that the API server writes in its own words: `1024Mi` comes back as `1Gi`. */
const quantities = new Set(['storage', 'guest']);

/** Whether everything that is wanted is already so; what others added beside it is none of our business. */
export function covers(live: unknown, wanted: unknown, field = ''): boolean {
  if (Array.isArray(wanted)) return Array.isArray(live) && coversList(live, wanted, field);
  if (typeof wanted === 'object' && wanted !== null) {
    if (typeof live !== 'object' || live === null) return false;
    return Object.entries(wanted).every(([name, value]) =>
      covers((live as Record<string, unknown>)[name], value, name),
    );
  }
  if (live === wanted) return true;
  return quantities.has(field) && sameQuantity(live, wanted);
}

function coversList(live: readonly unknown[], wanted: readonly unknown[], field: string): boolean {
  // An object may have more owners than us; every other list is ours as a whole.
  if (field === 'ownerReferences') return wanted.every((one) => live.some((other) => covers(other, one)));
  return live.length === wanted.length && wanted.every((one, index) => covers(live[index], one));
}
