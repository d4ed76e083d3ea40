import * as z from 'zod';

/** One entry of `x-kubernetes-validations`. */
interface Rule {
  /** CEL, of the libraries of Kubernetes 1.31 and older. */
  readonly rule: string;
  /** What is meant, and the way out. */
  readonly message: string;
  readonly fieldPath?: string;
  /** Asked of new objects too, with an empty `oldSelf`. */
  readonly optionalOldSelf?: true;
}

/** Rules that the API server asks of a value, as metadata of its schema. */
export function rules(...all: readonly Rule[]): { readonly 'x-kubernetes-validations': readonly Rule[] } {
  return { 'x-kubernetes-validations': all };
}

/** A rule of an object about one of its fields, which may be absent. */
export function fixed(field: string, message: string): Rule {
  return {
    rule: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
    message,
    fieldPath: `.${field}`,
  };
}

/** A text with a bound, so that the cost of the rules has one. */
export function text(longest: number): z.ZodString {
  return z.string().max(longest);
}

/** A text that has to match. The rule says what is meant, which a bare `pattern` of a schema cannot. */
export function spelled(longest: number, pattern: string, message: string): z.ZodString {
  return text(longest).meta(rules({ rule: `self.matches(r'${pattern}')`, message }));
}

/** A list that is written and owned as a whole. */
export function listOf<Item extends z.ZodType>(item: Item, longest: number): z.ZodArray<Item> {
  return z.array(item).max(longest).meta({ 'x-kubernetes-list-type': 'atomic' });
}

/** A list whose items have names: each name once, and every item can be owned by somebody else. */
export function byName<Item extends z.ZodType>(item: Item, longest: number): z.ZodArray<Item> {
  return keyed(item, longest, 'name');
}

export function keyed<Item extends z.ZodType>(item: Item, longest: number, key: string): z.ZodArray<Item> {
  return z
    .array(item)
    .max(longest)
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': [key] });
}

/** The name of a part of a Wukong: 32 characters, so that the names made from it stay within their limits. */
export const name = spelled(
  32,
  '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
  'a name has lower-case letters, digits and `-`, and begins and ends with a letter or a digit',
);

/** The name of another object. */
export const objectName = spelled(
  253,
  '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
  'the name of an object has lower-case letters, digits, `-` and `.`, and begins and ends with a letter or a digit',
);

export const quantity = text(20).meta(
  rules({
    rule: "self.matches(r'^([0-9]+(\\.[0-9]+)?|\\.[0-9]+)(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E)?$') && isQuantity(self) && quantity(self).isGreaterThan(quantity('0'))",
    message: 'a size is a Kubernetes quantity of more than nothing, such as 512Mi or 10Gi',
  }),
);

export const image = text(2048).meta(
  rules({
    rule: "self.matches(r'^(https?|docker|oci-archive)://[^\\s]+$') || (!self.contains('://') && self.matches(r'^[a-z0-9][a-zA-Z0-9_.:/@-]+$'))",
    message:
      'an image is docker://…, oci-archive://…, http://…, https://… or a reference such as quay.io/containerdisks/ubuntu:24.04; for s3 and others use source',
  }),
);

/** A value that KubeVirt knows and we hand on. */
export const word = spelled(
  63,
  '^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$',
  'a name that KubeVirt knows has letters, digits, `-`, `_` and `.`, and begins and ends with a letter or a digit',
);

/** A resource of a device plugin. */
export const resource = spelled(
  253,
  '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$',
  'a resource of a device plugin has a domain and a name, such as nvidia.com/TU104GL_Tesla_T4',
);
