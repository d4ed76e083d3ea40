import { dump } from 'js-yaml';
import type { Json } from '#kube/json';

/**
 * A document for a guest, of any YAML reader's age: each string is quoted, because to an older one
 * `52:54:00:12:34:56` is a number and `on` is true. Whatever users write stays within its quotes.
 */
export function document(value: Json): string {
  return dump(value, { lineWidth: -1, noRefs: true, forceQuotes: true, quoteStyle: 'double' });
}
