import type { Json } from '#kube/json';
import type { Kind } from './kinds.ts';
import { refuse } from './refusal.ts';

/** Whether an object is meant by a query. */
export type Selects = (object: Json) => boolean;

const everything: Selects = () => true;

/** The selectors of a query as one predicate. */
export function selection(kind: Kind, query: Readonly<Record<string, string>>): Selects {
  const byLabel = query['labelSelector'] ? labelSelector(query['labelSelector']) : everything;
  const byField = query['fieldSelector'] ? fieldSelector(kind, query['fieldSelector']) : everything;
  if (byLabel === everything) return byField;
  if (byField === everything) return byLabel;
  return (object) => byLabel(object) && byField(object);
}

type Labels = Readonly<Record<string, string>>;

function labelSelector(text: string): Selects {
  const terms = split(text).map(labelTerm);
  return (object) => {
    const labels: Labels = object.metadata?.labels ?? {};
    return terms.every((term) => term(labels));
  };
}

/** Splits at commas outside of parentheses. */
function split(text: string): string[] {
  return (text.match(/(?:[^,(]|\([^)]*\))+/g) ?? []).map((part) => part.trim()).filter((part) => part !== '');
}

function labelTerm(text: string): (labels: Labels) => boolean {
  const set = /^([^\s!=(),]+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(text);
  if (set) {
    const [, key = '', operator, list = ''] = set;
    const values = list.split(',').map((value) => value.trim());
    if (operator === 'in') return (labels) => key in labels && values.includes(labels[key] ?? '');
    return (labels) => !(key in labels) || !values.includes(labels[key] ?? '');
  }
  const compared = /^([^\s!=(),]+)\s*(==|=|!=)\s*([^\s!=(),]*)$/.exec(text);
  if (compared) {
    const [, key = '', operator, value] = compared;
    return operator === '!=' ? (labels) => labels[key] !== value : (labels) => labels[key] === value;
  }
  const present = /^(!?)\s*([^\s!=(),]+)$/.exec(text);
  if (!present) throw refuse.badRequest(`unable to parse requirement: found '${text}'`);
  const [, not, key = ''] = present;
  return not === '!' ? (labels) => !(key in labels) : (labels) => key in labels;
}

/** What each kind can be selected by, beside name and namespace; unset fields count as empty. */
const fields: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  Node: ['spec.unschedulable'],
  Namespace: ['status.phase'],
  Secret: ['type'],
  Service: ['spec.clusterIP', 'spec.type'],
  Job: ['status.successful'],
  ReplicaSet: ['status.replicas'],
  Event: [
    ...['kind', 'name', 'namespace', 'uid', 'fieldPath', 'apiVersion', 'resourceVersion'].flatMap((field) => [
      `involvedObject.${field}`,
      `regarding.${field}`,
    ]),
    'reason',
    'type',
    'source',
    'reportingComponent',
  ],
};

function fieldSelector(kind: Kind, text: string): Selects {
  const terms = split(text).map((part) => fieldTerm(kind, part));
  return (object) => terms.every((term) => term(object));
}

function fieldTerm(kind: Kind, text: string): Selects {
  const [, path = '', operator = '', value = ''] = /^([^=!]+?)\s*(==|=|!=)\s*(.*)$/.exec(text) ?? [];
  if (path === '') throw refuse.badRequest(`invalid selector: '${text}'; can't understand '${text}'`);
  const allowed = ['metadata.name', 'metadata.namespace', ...(fields[kind.kind] ?? []), ...selectable(kind)];
  if (!allowed.includes(path)) throw refuse.badRequest(unsupported(kind, path));
  const steps = path.split('.');
  const read = (object: Json) => String(steps.reduce<Json>((at, step) => at?.[step], object) ?? '');
  return operator === '!=' ? (object) => read(object) !== value : (object) => read(object) === value;
}

/** Kinds with fields of their own say it in other words than those without. */
function unsupported(kind: Kind, path: string): string {
  if (kind.custom || kind.kind in fields) return `field label not supported: ${path}`;
  return `${JSON.stringify(path)} is not a known field selector: only "metadata.name", "metadata.namespace"`;
}

function selectable(kind: Kind): readonly string[] {
  const list: readonly { jsonPath: string }[] = kind.schema?.selectableFields ?? [];
  return list.map((one) => one.jsonPath.replace(/^\./, ''));
}
