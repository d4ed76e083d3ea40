import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { wukongCrd } from '#operator/api/wukong-crd';
import { wukongSnapshotCrd } from '#operator/api/wukong-snapshot-crd';
import * as addresses from './cases/addresses.ts';
import * as disks from './cases/disks.ts';
import * as guest from './cases/guest.ts';
import * as machine from './cases/machine.ts';
import * as networks from './cases/networks.ts';
import * as snapshots from './cases/snapshots.ts';

const golden = join(import.meta.dirname, '../../golden/definitions');
const answers = globSync('*.txt', { cwd: golden })
  .map((file) => readFileSync(join(golden, file), 'utf8'))
  .join('\n');

interface Found {
  readonly at: string;
  readonly node: Json;
}

/** Every part of a schema, with the path to it. */
function parts(node: Json, at: string): readonly Found[] {
  const inner: [string, Json][] = Object.entries(node.properties ?? {});
  const all = [
    ...inner.map(([key, child]): [string, Json] => [`${at}.${key}`, child]),
    ...(node.items === undefined ? [] : [[`${at}[]`, node.items] as [string, Json]]),
    ...(node.additionalProperties === undefined ? [] : [[`${at}.*`, node.additionalProperties] as [string, Json]]),
  ];
  return [{ at, node }, ...all.flatMap(([path, child]) => parts(child, path))];
}

const schemas = [wukongCrd(), wukongSnapshotCrd()].flatMap(({ spec }: Json) =>
  parts(spec.versions[0].schema.openAPIV3Schema, spec.names.kind),
);

/** Where the refusal of a rule points: `spec.disks[0].size`. */
function place(at: string, fieldPath = ''): string {
  const path = `${at.replace(/^\w+\.?/, '')}${fieldPath}`.replace(/^\./, '');
  return path.replaceAll('.', '\\.').replaceAll('[]', '\\[\\d+\\]');
}

it('has an example of a mistake for every rule of every field', () => {
  const rules = schemas.flatMap(({ at, node }) =>
    (node['x-kubernetes-validations'] ?? []).map((rule: Json) => ({ ...rule, place: place(at, rule.fieldPath) })),
  );
  // Refused by a test of its own, because it is about the name and not about the specification.
  const asked = rules.filter(({ optionalOldSelf }) => optionalOldSelf !== true);
  const unheard = asked.filter(({ place: where, message }) => {
    const lines = answers.split('\n').filter((line) => line.endsWith(message));
    return !lines.some((line) => new RegExp(`^  ${where}: `).test(line));
  });

  expect(asked.length).toBeGreaterThan(80);
  expect(unheard.map((rule) => `${rule.place}: ${rule.message}`)).toEqual([]);
});

/** Whether a specification has something at a path of the schema: `spec.disks[].size`. */
function speaksOf(value: Json, [key, ...rest]: readonly string[]): boolean {
  if (value === undefined) return false;
  if (key === undefined) return true;
  if (key === '[]') return value.some((item: Json) => speaksOf(item, rest));
  return speaksOf(value[key], rest);
}

it('has an example of what is right for every rule of every field', () => {
  const accepted = [machine, disks, networks, addresses, guest, snapshots].flatMap((one) => one.accepted);
  const asked = schemas.filter(
    ({ at, node }) => at.includes('.spec') && node['x-kubernetes-validations'] !== undefined,
  );
  const unsaid = asked.filter(({ at }) => {
    const path = at
      .replace(/^\w+\./, '')
      .replaceAll('[]', '.[]')
      .split('.');
    return !accepted.some(([, spec]) => speaksOf({ spec }, path));
  });

  expect(asked.length).toBeGreaterThan(45);
  expect(unsaid.map(({ at }) => at)).toEqual([]);
});

it('bounds every list, every map and every text, so that the cost of rules is bounded', () => {
  const unbounded = schemas
    .filter(({ at }) => !/\.(apiVersion|kind|metadata)$/.test(at))
    .filter(
      ({ node }) =>
        (node.type === 'array' && node.maxItems === undefined) ||
        (node.type === 'string' && node.maxLength === undefined && node.enum === undefined) ||
        (node.additionalProperties !== undefined && node.maxProperties === undefined),
    );

  expect(unbounded.map(({ at }) => at)).toEqual([]);
});

it('says of every list how it is merged', () => {
  const lists = schemas.filter(({ node }) => node.type === 'array');

  expect(lists.length).toBeGreaterThan(20);
  expect(lists.filter(({ node }) => node['x-kubernetes-list-type'] === undefined).map(({ at }) => at)).toEqual([]);
});

it('describes every field of its own', () => {
  const foreign = /\.(affinity|topologySpreadConstraints|tolerations)[.[]|\.(apiVersion|kind|metadata)$|\[\]$|\.\*$/;
  const silent = schemas.filter(({ at, node }) => !foreign.test(at) && !node.description);

  expect(silent.map(({ at }) => at)).toEqual([]);
});

it('asks for CEL that Kubernetes 1.31 knows', () => {
  const rules: readonly string[] = schemas.flatMap(({ node }) =>
    (node['x-kubernetes-validations'] ?? []).map((rule: Json) => rule.rule.replaceAll(/r?'[^']*'/g, "''")),
  );
  const called = new Set(rules.flatMap((rule) => [...rule.matchAll(/(\w+)\(/g)].map((found) => found[1] ?? '')));

  expect([...called].toSorted((one, other) => one.localeCompare(other))).toMatchInlineSnapshot(`
    [
      "all",
      "asInteger",
      "cidr",
      "contains",
      "containsCIDR",
      "containsIP",
      "exists",
      "exists_one",
      "family",
      "filter",
      "has",
      "hasValue",
      "int",
      "ip",
      "isCIDR",
      "isGreaterThan",
      "isInteger",
      "isIP",
      "isLessThan",
      "isQuantity",
      "lowerAscii",
      "map",
      "matches",
      "prefixLength",
      "quantity",
      "size",
      "split",
    ]
  `);
});
