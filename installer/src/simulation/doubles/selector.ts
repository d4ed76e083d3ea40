import type { Json } from '#kube/json';

type Labels = Readonly<Record<string, string>>;

/** Whether labels match a LabelSelector (`matchLabels` and `matchExpressions`). No selector matches nothing. */
export function matchesSelector(selector: Json, labels: Labels = {}): boolean {
  if (selector === undefined || selector === null) return false;
  return (
    matchesLabels(selector.matchLabels ?? {}, labels) &&
    (selector.matchExpressions ?? []).every((one: Json) => matchesExpression(one, labels))
  );
}

/** Whether all wanted labels are there. */
export function matchesLabels(wanted: Labels, labels: Labels = {}): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** One requirement of a selector or of a node affinity term. */
export function matchesExpression(one: Json, labels: Labels): boolean {
  const value = labels[one.key];
  switch (one.operator) {
    case 'In':
      return value !== undefined && one.values.includes(value);
    case 'NotIn':
      return value === undefined || !one.values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return Number(value) > Number(one.values[0]);
    case 'Lt':
      return Number(value) < Number(one.values[0]);
    default:
      throw new Error(`selectors know no operator ${one.operator}: teach it to doubles/selector.ts`);
  }
}
