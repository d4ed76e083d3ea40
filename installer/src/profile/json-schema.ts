import * as z from 'zod';
import { Profile } from './schema.ts';

/** The part of JSON Schema that the profile makes use of. */
export interface SchemaNode {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly SchemaNode[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly propertyNames?: SchemaNode;
  readonly additionalProperties?: SchemaNode | false;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
}

/** What `novasphere schema` prints: the JSON Schema of what a person may write, for editors. */
export function profileJsonSchema(): SchemaNode {
  const schema = z.toJSONSchema(Profile, {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => adapt(zodSchema, jsonSchema),
  });
  return { $id: 'https://novasphere.dev/schema/v1alpha1/profile.schema.json', ...schema } as SchemaNode;
}

let made: SchemaNode | undefined;

/** The same, made once: looking up what a person meant asks for it again and again. Never changed after. */
export function knownSchema(): SchemaNode {
  made ??= profileJsonSchema();
  return made;
}

/** Identities that YAML reads as numbers (`0x5002538f`) are taken as written; editors must not underline them. */
const identityPattern = '^\\S(.*\\S)?$';

function adapt(schema: z.core.$ZodType, node: z.core.JSONSchema.BaseSchema): void {
  // zod leaves examples out where a text becomes something else; here they are texts as well.
  const examples = z.globalRegistry.get(schema)?.examples;
  if (Array.isArray(examples)) node.examples = examples;
  // Formats such as `cidrv4` are zod's own words; the pattern beside them says the same to everybody.
  if (node.format !== 'uri') delete node.format;
  if (node.pattern === identityPattern) node.type = ['string', 'number'] as never;
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
}

/** The schema of the value at a path; undefined where the profile has none. */
export function nodeAt(schema: SchemaNode, path: readonly (string | number)[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = schema;
  for (const part of path) node = node === undefined ? undefined : child(node, part);
  return node;
}

function child(node: SchemaNode, part: string | number): SchemaNode | undefined {
  for (const choice of node.anyOf ?? []) {
    const found = child(choice, part);
    if (found !== undefined) return found;
  }
  if (typeof part === 'number') return node.items;
  if (node.properties !== undefined && Object.hasOwn(node.properties, part)) return node.properties[part];
  return node.additionalProperties === false ? undefined : node.additionalProperties;
}

/** The keys that a mapping may have, in the order of the schema. */
export function keysOf(node: SchemaNode | undefined): readonly string[] {
  if (node === undefined) return [];
  return [...Object.keys(node.properties ?? {}), ...(node.anyOf ?? []).flatMap((choice) => keysOf(choice))];
}

/** Every place of the profile that has a key of this name: `host.hugepages`, `nodes[].host.hugepages`. */
export function homesOf(node: SchemaNode, key: string, path = ''): readonly string[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([name, property]) => {
    const here = path === '' ? name : `${path}.${name}`;
    return [...(name === key ? [here] : []), ...homesOf(property, key, here)];
  });
  const inItems = node.items === undefined ? [] : homesOf(node.items, key, `${path}[]`);
  return [...own, ...inItems, ...(node.anyOf ?? []).flatMap((choice) => homesOf(choice, key, path))];
}
