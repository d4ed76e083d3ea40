import type { Json } from '#kube/json';
import type { Kind } from '../kinds.ts';
import type { Cause } from '../refusal.ts';
import { isRecord } from '../values.ts';
import { wrong } from '../wrong.ts';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const letterFirst = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualifiedName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const sentences = {
  subdomain: `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`,
  label: `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`,
  letterFirst: `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${letterFirst}')`,
  labelValue: `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${qualifiedName})?')`,
} as const;

type Rule = readonly [pattern: string, limit: number, sentence: string];
const rules = {
  subdomain: [subdomain, 253, sentences.subdomain],
  label: [label, 63, sentences.label],
  letterFirst: [letterFirst, 63, sentences.letterFirst],
  segment: ['(?!\\.{1,2}$)[^/%]+', 253, `may not contain '/' or '%'`],
} satisfies Record<string, Rule>;

function ruleOf(kind: Kind): Rule {
  if (kind.group === 'rbac.authorization.k8s.io') return rules.segment;
  if (kind.kind === 'Namespace') return rules.label;
  if (kind.kind === 'Service' && kind.group === '') return rules.letterFirst;
  return rules.subdomain;
}

const tests = new Map<string, RegExp>();

function fits(pattern: string, text: string): boolean {
  let test = tests.get(pattern);
  if (test === undefined) {
    test = new RegExp(`^(?:${pattern})$`);
    tests.set(pattern, test);
  }
  return test.test(text);
}

/** What is wrong with an object's name, labels and annotations. */
export function metadataCauses(kind: Kind, metadata: Json): readonly Cause[] {
  const found: Cause[] = [];
  const [pattern, limit, sentence] = ruleOf(kind);
  const name: string = metadata.name ?? '';
  if (name === '') found.push(wrong.required('metadata.name', 'name or generateName is required'));
  else if (!fits(pattern, name)) found.push(wrong.invalid('metadata.name', name, sentence));
  if (name.length > limit) found.push(wrong.invalid('metadata.name', name, `must be no more than ${limit} bytes`));
  for (const [key, value] of Object.entries<Json>(metadata.labels ?? {})) {
    if (typeof value !== 'string') found.push(wrong.type('metadata.labels', value, `must be a string`));
    else if (value.length > 63) found.push(wrong.invalid('metadata.labels', value, 'must be no more than 63 bytes'));
    else if (value !== '' && !fits(qualifiedName, value)) {
      found.push(wrong.invalid('metadata.labels', value, sentences.labelValue));
    }
    found.push(...keyCauses('metadata.labels', key));
  }
  for (const key of Object.keys(metadata.annotations ?? {})) found.push(...keyCauses('metadata.annotations', key));
  return [...found, ...ownerCauses(metadata.ownerReferences)];
}

function keyCauses(field: string, key: string): readonly Cause[] {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (
    parts.length <= 2 &&
    name.length <= 63 &&
    fits(qualifiedName, name) &&
    (prefix === undefined || fits(subdomain, prefix))
  ) {
    return [];
  }
  const sentence = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedName}')`;
  return [wrong.invalid(field, key, sentence)];
}

function ownerCauses(owners: Json): readonly Cause[] {
  if (!Array.isArray(owners)) return [];
  const found: Cause[] = [];
  for (const [index, owner] of owners.entries()) {
    if (!isRecord(owner)) continue;
    for (const field of ['apiVersion', 'kind', 'name', 'uid']) {
      if (!owner[field])
        found.push(wrong.invalid(`metadata.ownerReferences[${index}].${field}`, '', `${field} must not be empty`));
    }
  }
  if (owners.filter((owner) => owner?.controller === true).length > 1) {
    found.push(wrong.invalid('metadata.ownerReferences', owners, 'Only one reference can have Controller set to true'));
  }
  return found;
}
