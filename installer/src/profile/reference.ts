import { knownSchema, type SchemaNode } from './json-schema.ts';
import { flow } from './wording.ts';

const head = `# The profile

<!-- Generated from installer/src/profile/schema.ts by scripts/generate; not edited. -->

A profile is one YAML file that says what a site is to become. \`novasphere init\` writes one to start from, \`novasphere
validate\` finds every mistake in it, and \`profiles/\` holds examples.

- Keys that are not listed here are mistakes.
- Sizes and durations are written with their unit: \`128Mi\`, \`2Gi\`; \`90s\`, \`10m\`, \`2h\`.
- A secret is \`{fromFile: PATH}\` or \`{fromEnv: NAME}\`; it is read when a run starts, never by \`validate\`.
- Serial numbers and WWNs need no quotes: they are taken as they are written.
- Anchors, aliases, merge keys and tags of YAML are not used.

Put this into the first line of a profile, and editors help: \`# yaml-language-server: $schema=./profile.schema.json\`
`;

/** The page docs/reference/profile.md: one table for each mapping of the profile. */
export function profileReference(): string {
  return [head, ...sections('', knownSchema())].join('\n');
}

function sections(path: string, node: SchemaNode): readonly string[] {
  const rows = Object.entries(node.properties ?? {});
  const own = rows.length === 0 ? [] : [section(path, node, rows)];
  return [...own, ...rows.flatMap(([key, child]) => below(path === '' ? key : `${path}.${key}`, child))];
}

/** Sections for what lies below a value: a mapping, the items of a list, the values of a mapping with free keys. */
function below(path: string, node: SchemaNode): readonly string[] {
  if (isRepeated(path)) return [];
  if (node.items !== undefined) return below(`${path}[]`, node.items);
  if (node.properties !== undefined) return sections(path, node);
  if (typeof node.additionalProperties === 'object') return below(`${path}.<name>`, node.additionalProperties);
  const mappings = (node.anyOf ?? []).filter((choice) => choice.properties !== undefined);
  return mappings.length === 1 ? mappings.flatMap((choice) => sections(path, choice)) : [];
}

/** What a node overrides has the form of `host`, which has its own sections. */
function isRepeated(path: string): boolean {
  return path.startsWith('nodes[].host.');
}

function section(path: string, node: SchemaNode, rows: readonly (readonly [string, SchemaNode])[]): string {
  const title = path === '' ? '## Top level' : `## \`${path}\``;
  const about = node.description === undefined ? [] : ['', node.description];
  const required = new Set(node.required);
  const table = rows.map(([key, child]) => row(key, child, required.has(key)));
  return [
    title,
    ...about,
    '',
    '| Key | What | Form | Without it | Example |',
    '|---|---|---|---|---|',
    ...table,
    '',
  ].join('\n');
}

function row(key: string, node: SchemaNode, isRequired: boolean): string {
  const otherwise = isRequired ? '**required**' : fallback(node.default);
  const example = node.examples?.[0] === undefined ? '' : code(flow(node.examples[0]));
  const about = node.description ?? node.items?.description ?? '';
  return `| ${[code(key), about, form(node), otherwise, example].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function fallback(value: unknown): string {
  if (value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0))
    return '–';
  return code(flow(value));
}

function form(node: SchemaNode): string {
  if (node.enum !== undefined) return node.enum.map((word) => code(flow(word))).join(', ');
  if (node.const !== undefined) return code(flow(node.const));
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map((choice) => form(choice)))].join(' or ');
  if (node.items !== undefined) return `list of ${form(node.items)}`;
  if (node.properties !== undefined || node.additionalProperties !== undefined) return 'mapping';
  if (node.type === 'integer') return range(node);
  if (node.type === 'boolean') return '`true` or `false`';
  return node.type === 'null' ? '`null`' : 'text';
}

function range({ minimum, maximum }: SchemaNode): string {
  if (minimum === undefined || maximum === undefined) return 'whole number';
  return `${minimum} to ${maximum}`;
}

function code(text: string): string {
  return `\`${text}\``;
}
