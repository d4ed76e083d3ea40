import type { Conflict, Owner } from './fields/ownership.ts';
import { Refusal } from './refusal.ts';

/** The refusal of an apply that would change what others own, with field and owner of each. */
export function conflicting(found: readonly Conflict[]): Refusal {
  const causes = found.map(({ owner, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${named(owner)}`,
    field: path,
  }));
  return new Refusal({ code: 409, reason: 'Conflict', message: conflictMessage(found), details: { causes } });
}

function conflictMessage(found: readonly Conflict[]): string {
  const [first] = found;
  if (found.length === 1 && first) {
    return `Apply failed with 1 conflict: conflict with ${named(first.owner)}: ${first.path}`;
  }
  const byOwner = Map.groupBy(found, (conflict) => named(conflict.owner));
  const parts = [...byOwner].sort(([one], [other]) => (one < other ? -1 : 1));
  const lines = parts.flatMap(([who, list]) => [`conflicts with ${who}:`, ...list.map(({ path }) => `- ${path}`)]);
  return `Apply failed with ${found.length} conflicts: ${lines.join('\n')}`;
}

function named(owner: Owner): string {
  const part = owner.subresource === undefined ? '' : ` with subresource "${owner.subresource}"`;
  return `"${owner.manager}"${part}${owner.operation === 'Update' ? ` using ${owner.apiVersion}` : ''}`;
}
