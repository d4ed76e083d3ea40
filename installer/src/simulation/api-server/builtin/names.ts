import type { Json } from '#kube/json';
import type { Kind } from '../kinds.ts';
import type { Cause } from '../refusal.ts';
import { isRecord } from '../values.ts';
import { wrong } from '../wrong.ts';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const letterFirst = '[a-z]([-a-z0-9]*[a-z0-9])?';
const segment = '(?!\\.{1,2}$)[^/%]+';
const qualifiedName = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const sentences = {
  subdomain: `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${subdomain}')`,
  label: `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`,
  letterFirst: `a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '${letterFirst}')`,
  labelValue: `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${qualifiedName})?')`,
  keyName: `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedName}')`,
  key: `a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${qualifiedName}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
} as const;

type Rule = readonly [pattern: string, limit: number, sentence: string];
const rules = {
  subdomain: [subdomain, 253, sentences.subdomain],
  label: [label, 63, sentences.label],
  letterFirst: [letterFirst, 63, sentences.letterFirst],
  segment: [segment, 253, 'may not be one or two dots'],
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
  return [
    ...nameCauses(kind, metadata),
    ...Object.entries<Json>(metadata.labels ?? {}).flatMap(([key, value]) => labelCauses(key, value)),
    ...annotationCauses(metadata.annotations ?? {}),
    ...ownerCauses(metadata.ownerReferences),
  ];
}

function nameCauses(kind: Kind, { name = '', generateName }: Json): readonly Cause[] {
  const [pattern, limit, sentence] = ruleOf(kind);
  const at = 'metadata.name';
  if (name === '') return [wrong.required(at, 'name or generateName is required')];
  const found = name.length > limit ? [wrong.invalid(at, name, `must be no more than ${limit} characters`)] : [];
  if (kind.kind === 'Namespace' && name.includes('.'))
    return [...found, wrong.invalid(at, name, 'must not contain dots')];
  const odd = pattern === segment ? /[/%]/.exec(name)?.[0] : undefined;
  if (odd !== undefined) return [...found, wrong.invalid(at, name, `may not contain '${odd}'`)];
  if (fits(pattern, name)) return found;
  const prefix = generateName && !fits(pattern, `${generateName}x`);
  const generated = prefix ? [wrong.invalid('metadata.generateName', generateName, sentence)] : [];
  return [...found, ...generated, wrong.invalid(at, name, sentence)];
}

function labelCauses(key: string, value: string): readonly Cause[] {
  const field = 'metadata.labels';
  const found = [...keyCauses(field, key, key)];
  if (value.length > 63) found.push(wrong.invalid(field, value, 'must be no more than 63 bytes'));
  if (value !== '' && !fits(qualifiedName, value)) found.push(wrong.invalid(field, value, sentences.labelValue));
  return found;
}

/** Bytes of all annotations of an object together. */
const mostAnnotations = 262_144;

function annotationCauses(annotations: Readonly<Record<string, string>>): readonly Cause[] {
  const field = 'metadata.annotations';
  const found = Object.keys(annotations).flatMap((key) => keyCauses(field, key, key.toLowerCase()));
  const size = Object.entries(annotations).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  return size > mostAnnotations ? [...found, wrong.tooLong(field, mostAnnotations)] : found;
}

function keyCauses(field: string, key: string, checked: string): readonly Cause[] {
  const refused = (sentence: string) => [wrong.invalid(field, key, sentence)];
  const parts = checked.split('/');
  if (parts.length > 2) return refused(sentences.key);
  const [name = '', prefix] = parts.toReversed();
  if (prefix === '') return refused('prefix part must be non-empty');
  if (prefix !== undefined && !fits(subdomain, prefix)) return refused(`prefix part ${sentences.subdomain}`);
  if (name === '') return refused('name part must be non-empty');
  if (name.length > 63) return refused('name part must be no more than 63 bytes');
  return fits(qualifiedName, name) ? [] : refused(`name part ${sentences.keyName}`);
}

function ownerCauses(owners: Json): readonly Cause[] {
  if (!Array.isArray(owners)) return [];
  const field = 'metadata.ownerReferences';
  const found = owners
    .filter(isRecord)
    .flatMap((owner) =>
      ['apiVersion', 'kind', 'name', 'uid']
        .filter((name) => !owner[name])
        .map((name) => wrong.invalid(`${field}.${name}`, '', 'must not be empty')),
    );
  const [first, second] = owners.filter((owner) => owner?.controller === true);
  if (second === undefined) return found;
  const both = `Found "true" in references for ${first.kind}/${first.name} and ${second.kind}/${second.name}`;
  return [...found, wrong.invalid(field, owners, `Only one reference can have Controller set to true. ${both}`)];
}
