import { type Keep, keeper } from './kept-object.ts';

const partial = (kind: string) => `application/json;as=${kind};g=meta.k8s.io;v=v1`;

/** What to accept where only the metadata of objects is wanted: the rest never leaves the server. */
export const metadataOnly = {
  list: partial('PartialObjectMetadataList'),
  watch: partial('PartialObjectMetadata'),
} as const;

interface Wanted {
  readonly query: { readonly apiVersion: string; readonly kind: string };
  readonly metadataOnly?: boolean;
  readonly keep?: Keep;
}

/** How objects are asked for, and what is kept of them. */
export function shapeOf(
  of: keyof typeof metadataOnly,
  { query, metadataOnly: isPartial = false, keep }: Wanted,
): { readonly accept?: string; readonly keep?: Keep } {
  if (!isPartial) return keep === undefined ? {} : { keep };
  return { accept: metadataOnly[of], keep: keep ?? keeper({ ...query, metadataOnly: true }) };
}
