import type { Json } from '#kube/json';
import { wukongRules } from './schema/root-rules.ts';
import { WukongSnapshotSpec, WukongSnapshotStatus } from './schema/snapshot.ts';
import { WukongSpec } from './schema/spec.ts';
import { WukongStatus } from './schema/status.ts';
import { illustrated } from './schema/structural.ts';

const head = `# Wukong and WukongSnapshot

<!-- Generated from operator/src/api/schema by scripts/generate; not edited. -->

A \`Wukong\` is a virtual machine in twenty lines; a \`WukongSnapshot\` is its disks at one point in time. Both belong to
\`vm.novasphere.dev/v1alpha1\` and live in a namespace; \`kubectl get wk\` and \`kubectl get wks\` list them, and
\`kubectl explain wukong.spec.disks\` tells what this page tells. Examples to start from are in
[operator/samples](../../operator/samples/minimal.yaml).

- What the API server refuses stands below each table, in the words of its refusal.
- A value in the column “Without it” is filled in by the API server. Where there is none, what is so without the field is
  said beside it.
- The operator writes \`status\`, nobody else.
`;

const wukongHead = `## Wukong

\`\`\`yaml
apiVersion: vm.novasphere.dev/v1alpha1
kind: Wukong
metadata:
  name: plant-hmi
spec:
  cpu: 2
  memory: 4Gi
  disks:
    - name: root
      size: 20Gi
      boot: true
      image: quay.io/containerdisks/ubuntu:24.04
  networks:
    - name: default
\`\`\`
`;

const snapshotHead = `## WukongSnapshot

\`\`\`yaml
apiVersion: vm.novasphere.dev/v1alpha1
kind: WukongSnapshot
metadata:
  name: before-upgrade
spec:
  wukongName: plant-hmi
  deletionPolicy: Retain
\`\`\`
`;

/** The page docs/reference/wukong.md: one table for each object of the specification and of the status. */
export function wukongReference(): string {
  const acrossAll = wukongRules['x-kubernetes-validations'].map(({ message }) => `- ${message}`);
  return [
    head,
    wukongHead,
    'Refused:',
    '',
    ...acrossAll,
    '',
    ...sections('spec', illustrated(WukongSpec)),
    ...sections('status', illustrated(WukongStatus)),
    snapshotHead,
    ...sections('spec', illustrated(WukongSnapshotSpec)),
    ...sections('status', illustrated(WukongSnapshotStatus)),
  ].join('\n');
}

function sections(path: string, node: Json): readonly string[] {
  const rows: readonly [string, Json][] = Object.entries(node.properties ?? {});
  return [section(path, node, rows), ...rows.flatMap(([key, child]) => below(`${path}.${key}`, child))];
}

/** Parts of other kinds, which Kubernetes describes, have no description of their fields here. */
function below(path: string, node: Json): readonly string[] {
  if (node.items !== undefined) return below(`${path}[]`, node.items);
  const fields: readonly Json[] = Object.values(node.properties ?? {});
  return fields.length > 0 && fields.every(({ description }) => description !== undefined) ? sections(path, node) : [];
}

function section(path: string, node: Json, rows: readonly (readonly [string, Json])[]): string {
  const required: readonly string[] = path.startsWith('status') ? [] : (node.required ?? []);
  const refusals = [...messages('', node), ...rows.flatMap(([key, child]) => fieldMessages(key, child))];
  return [
    `### \`${path}\``,
    '',
    escaped(node.description),
    '',
    '| Field | What | Form | Without it | Example |',
    '|---|---|---|---|---|',
    ...rows.map(([key, child]) => row(key, child, required.includes(key))),
    '',
    ...(refusals.length === 0 ? [] : ['Refused:', '', ...new Set(refusals), '']),
  ].join('\n');
}

/** What is refused of a field itself; objects have a section of their own. */
function fieldMessages(key: string, node: Json): readonly string[] {
  const own = node.properties === undefined ? messages(key, node) : [];
  return [...own, ...(node.items === undefined || node.items.properties ? [] : messages(key, node.items))];
}

function messages(key: string, node: Json): readonly string[] {
  const stated: readonly Json[] = node['x-kubernetes-validations'] ?? [];
  return stated.map(({ message, fieldPath }) => {
    const field = key || (fieldPath ?? '').slice(1);
    return `- ${field === '' ? '' : `\`${field}\`: `}${escaped(message)}`;
  });
}

function row(key: string, node: Json, isRequired: boolean): string {
  const otherwise = isRequired ? '**required**' : node.default === undefined ? '–' : code(shown(node.default));
  const example = node.examples?.[0] === undefined ? '' : code(shown(node.examples[0]));
  const cells = [code(key), escaped(node.description ?? ''), form(node), otherwise, example];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function form(node: Json): string {
  if (node.enum !== undefined) return node.enum.map(code).join(', ');
  if (node.items !== undefined) return `list of ${form(node.items)}, at most ${node.maxItems}`;
  if (node.additionalProperties !== undefined) return 'map of texts';
  if (node.type === 'integer') return range(node);
  if (node.type === 'boolean') return '`true` or `false`';
  if (node.type === 'string')
    return node.format === 'date-time' ? 'time' : `text, at most ${node.maxLength} characters`;
  return 'object';
}

function range({ minimum, maximum }: Json): string {
  return minimum === undefined || maximum === undefined ? 'whole number' : `${minimum} to ${maximum}`;
}

function shown(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function code(text: string): string {
  return `\`${text}\``;
}

/** Markdown takes `<name>` for a tag, except in code. */
function escaped(text: string): string {
  return text.replaceAll('<', '\\<');
}
