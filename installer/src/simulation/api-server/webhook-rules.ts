import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Kind } from './kinds.ts';

/** One request as admission sees it. */
export interface Review {
  readonly kind: Kind;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly subresource?: string | undefined;
  readonly dryRun: boolean;
  /** Null when something is deleted. */
  readonly object: Json;
  readonly oldObject?: Json;
}

/** Whether a webhook asks to see a request. */
export function matches(webhook: Json, review: Review, namespace: KubeObject | undefined): boolean {
  if (!(webhook.rules ?? []).some((rule: Json) => ruleMatches(rule, review))) return false;
  if (!namespaceMatches(webhook, review, namespace)) return false;
  const selector = webhook.objectSelector;
  const labels = (object: Json) => object?.metadata?.labels ?? {};
  return (
    selectorMatches(selector, labels(review.object)) ||
    (review.oldObject !== undefined && selectorMatches(selector, labels(review.oldObject)))
  );
}

function namespaceMatches(webhook: Json, review: Review, namespace: KubeObject | undefined): boolean {
  if (!review.kind.namespaced && review.kind.stored !== '/namespaces') return true;
  return selectorMatches(webhook.namespaceSelector, namespace?.metadata.labels ?? {});
}

function ruleMatches(rule: Json, { kind, operation, subresource }: Review): boolean {
  const has = (list: readonly string[] | undefined, value: string) => list?.includes('*') || list?.includes(value);
  if (!has(rule.operations, operation) || !has(rule.apiGroups, kind.group)) return false;
  // matchPolicy Equivalent, the default, sees a request in every version of the kind.
  if (rule.scope === 'Namespaced' && !kind.namespaced) return false;
  if (rule.scope === 'Cluster' && kind.namespaced) return false;
  return (rule.resources ?? []).some((resource: string) => {
    const [name, sub] = resource.split('/');
    if (name !== '*' && name !== kind.plural) return false;
    return subresource === undefined ? sub === undefined || resource === '*/*' : sub === '*' || sub === subresource;
  });
}

/** Whether labels fit a LabelSelector; an empty or absent one fits all. */
export function selectorMatches(selector: Json, labels: Readonly<Record<string, string>>): boolean {
  for (const [key, value] of Object.entries(selector?.matchLabels ?? {})) if (labels[key] !== value) return false;
  for (const { key, operator, values = [] } of selector?.matchExpressions ?? []) {
    const has = key in labels;
    const isOneOf = has && values.includes(labels[key]);
    if (operator === 'In' && !isOneOf) return false;
    if (operator === 'NotIn' && isOneOf) return false;
    if (operator === 'Exists' && !has) return false;
    if (operator === 'DoesNotExist' && has) return false;
  }
  return true;
}
