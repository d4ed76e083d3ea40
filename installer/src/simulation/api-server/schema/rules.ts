import type { Json } from '#kube/json';
import type { Core } from '../core.ts';
import type { Kind } from '../kinds.ts';
import type { Cause } from '../refusal.ts';

export function ruleCauses(_core: Core, _kind: Kind, _object: Json, _before: Json): readonly Cause[] {
  return [];
}
