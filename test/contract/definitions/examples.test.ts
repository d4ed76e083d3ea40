import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { WukongSnapshotSpec, WukongSnapshotStatus } from '#operator/api/schema/snapshot';
import { WukongSpec } from '#operator/api/schema/spec';
import { WukongStatus } from '#operator/api/schema/status';
import { illustrated } from '#operator/api/schema/structural';
import { rulesOf } from '#simulation/api-server/schema/compiled-rules';
import { violations } from '#simulation/api-server/schema/validate';

interface Part {
  readonly path: string;
  readonly node: Json;
}

/** Every field that is described, and the parts of those. */
function parts(path: string, node: Json): readonly Part[] {
  const inner: [string, Json][] = Object.entries(node.properties ?? node.items?.properties ?? {});
  return [{ path, node }, ...inner.flatMap(([key, child]) => parts(`${path}.${key}`, child))].filter(
    (part) => part.node.description !== undefined,
  );
}

const kinds = { spec: WukongSpec, status: WukongStatus, snapshot: WukongSnapshotSpec, taken: WukongSnapshotStatus };
const all = Object.entries(kinds).flatMap(([name, schema]) => parts(name, illustrated(schema)));
const fields = all.filter(({ node }) => node.properties === undefined && node.items?.properties === undefined);

describe('the examples of the reference', () => {
  it('are there for every field', () => {
    expect(fields.length).toBeGreaterThan(90);
    expect(fields.filter(({ node }) => node.examples === undefined).map(({ path }) => path)).toEqual([]);
  });

  it.for(all.flatMap(({ path, node }) => (node.examples ?? []).map((example: Json) => ({ path, node, example }))))(
    'are accepted: $path',
    ({ path, node, example }) => {
      expect(violations(example, node, path)).toEqual([]);
      const asked = [
        ...rulesOf(node, 'vm.novasphere.dev').rules.map((rule) => ({ rule, self: example })),
        ...(Array.isArray(example) ? example : []).flatMap((self: Json) =>
          rulesOf(node.items, 'vm.novasphere.dev').rules.map((rule) => ({ rule, self })),
        ),
      ];
      for (const { rule, self } of asked) if (!rule.seesOld) expect(rule.holds({ self }), rule.source).toBe(true);
    },
  );

  it.for(fields.filter(({ node }) => node.default !== undefined))('and so are defaults: $path', ({ path, node }) => {
    expect(violations(node.default, node, path)).toEqual([]);
    for (const rule of rulesOf(node, 'vm.novasphere.dev').rules) expect(rule.holds({ self: node.default })).toBe(true);
  });
});
