import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { MakeBed } from './bed.ts';
import { refusal, Site } from './bed.ts';

const group = 'schema.novasphere.dev';
const short = { type: 'string', maxLength: 9 };
const rules = (...stated: object[]) => ({ 'x-kubernetes-validations': stated });
const spec = {
  type: 'object',
  properties: {
    size: { type: 'integer', minimum: 1, maximum: 9, ...rules({ rule: 'self != 7', message: 'seven is taken' }) },
    mode: { type: 'string', enum: ['a', 'b'] },
    list: {
      type: 'array',
      maxItems: 4,
      items: short,
      ...rules({ rule: 'self.size() < 3', message: 'two are enough' }),
    },
    map: {
      type: 'object',
      maxProperties: 4,
      additionalProperties: { ...short, ...rules({ rule: "self != 'x'", message: 'no x' }) },
    },
    need: { ...short, ...rules({ rule: "self == 'ok'", reason: 'FieldValueRequired', message: 'must be ok' }) },
    ban: { ...short, ...rules({ rule: "self == 'ok'", reason: 'FieldValueForbidden', message: 'must be ok' }) },
    stays: { ...short, ...rules({ rule: 'self == oldSelf', message: 'it stays' }) },
    pairs: {
      type: 'array',
      maxItems: 3,
      items: {
        type: 'object',
        properties: { low: { type: 'integer' }, high: { type: 'integer' } },
        ...rules({ rule: 'self.low < self.high', message: 'low is below high' }),
      },
    },
  },
};

/** Definitions of custom resources: how they come, go, and refuse. */
export function schemaContract(name: string, makeBed: MakeBed): void {
  describe(`schemas of ${name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await Site.open(await makeBed());
    });
    afterEach(() => site.bed.close?.());
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const definition = (plural: string, inner: object = spec, over: object = {}): any => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `${plural}.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural, kind: `${plural[0]?.toUpperCase()}${plural.slice(1, -1)}` },
        versions: [
          {
            name: 'v1',
            served: true,
            storage: true,
            subresources: { status: {} },
            schema: { openAPIV3Schema: { type: 'object', properties: { spec: inner } } },
          },
        ],
        ...over,
      },
    });
    const refOf = (plural: string) => ({ ...definition(plural), name: `${plural}.${group}` });
    const shape = (stated: Json, one = 'a'): any => ({
      apiVersion: `${group}/v1`,
      kind: 'Shape',
      metadata: { name: one, namespace: site.namespace },
      spec: stated,
    });
    const shapes = () => `/apis/${group}/v1/namespaces/${site.namespace}/shapes`;
    async function served(plural: string, kind: string): Promise<void> {
      await site.client.apply(definition(plural), { force: true });
      await site.until(() => site.client.serves(`${group}/v1`, kind));
    }

    it('are accepted first, then established, and both stay true', async () => {
      const version = await site.version(definitions);
      await site.client.create(definition('orders'));
      const query = { resourceVersion: version, fieldSelector: `metadata.name=orders.${group}` };

      const events = await site.watched(definitions, query, 3);
      await site.client.delete(refOf('orders'));

      const told = events.map(({ object: { status } }) =>
        (status.conditions ?? []).map((one: any) => `${one.type}=${one.status} ${one.reason}: ${one.message}`),
      );
      expect(told).toEqual([
        [],
        [
          'NamesAccepted=True NoConflicts: no conflicts found',
          'Established=False Installing: the initial names have been accepted',
        ],
        [
          'NamesAccepted=True NoConflicts: no conflicts found',
          'Established=True InitialNamesAccepted: the initial names have been accepted',
        ],
      ]);
    });

    it('take nothing new while they go, and go when the last of their objects is gone', async () => {
      await served('goners', 'Goner');
      const goner = (one: string, finalizers: readonly string[] = []): any => ({
        apiVersion: `${group}/v1`,
        kind: 'Goner',
        metadata: { name: one, namespace: site.namespace, finalizers },
      });
      await site.client.create(goner('held', ['novasphere.dev/hold']));

      await site.client.delete(refOf('goners'));
      const conditions: any[] = await site.until(async () => {
        const found = (await site.client.get(refOf('goners')))?.['status'].conditions;
        return found?.some(({ reason }: any) => reason === 'InstanceDeletionInProgress') && found;
      });
      // What serves the kind learns of that a moment after it is written; until then one that is new comes and goes.
      const late = await site.until(async () => {
        const error = await refusal(site.client.create(goner('late'))).catch(() => undefined);
        return error?.code === 403 && error;
      });
      await site.client.patch(
        { ...goner('held'), name: 'held', namespace: site.namespace },
        { metadata: { finalizers: null } },
      );

      expect([late.code, late.message]).toEqual([
        403,
        `goners.${group} "late" is forbidden: create not allowed while custom resource definition is terminating`,
      ]);
      expect(conditions.at(-1)).toMatchObject({
        status: 'True',
        reason: 'InstanceDeletionInProgress',
        message: 'CustomResource deletion is in progress',
      });
      await site.until(async () => (await site.client.get(refOf('goners'))) === undefined);
    });

    it('are refused for a scope and a name that do not fit', async () => {
      const wrong = { ...definition('bads'), metadata: { name: `other.${group}` } };
      const dry = { dryRun: true };

      const named = await refusal(site.client.create(wrong, dry));
      const unscoped = await refusal(site.client.create(definition('bads', spec, { scope: undefined }), dry));

      const who = (one: string) => `CustomResourceDefinition.apiextensions.k8s.io "${one}.${group}" is invalid:`;
      expect([named.message, unscoped.message]).toEqual([
        `${who('other')} metadata.name: Invalid value: "other.${group}": must be spec.names.plural+"."+spec.group`,
        `${who('bads')} spec.scope: Required value`,
      ]);
    });

    it('never change their scope', async () => {
      await served('shapes', 'Shape');

      const error = await refusal(site.client.apply(definition('shapes', spec, { scope: 'Cluster' }), { force: true }));

      expect(error.message).toBe(
        `CustomResourceDefinition.apiextensions.k8s.io "shapes.${group}" is invalid: spec.scope: Invalid value: "Cluster": field is immutable`,
      );
    });

    it('word the refusals of rules by reason and value', async () => {
      await served('shapes', 'Shape');
      const refused = async (stated: Json) =>
        (await refusal(site.client.create(shape(stated)))).message.replace(`Shape.${group} "a" is invalid: `, '');

      expect(await refused({ size: 7 })).toBe('spec.size: Invalid value: 7: seven is taken');
      expect(await refused({ list: ['a', 'b', 'c'] })).toBe('spec.list: Invalid value: two are enough');
      expect(await refused({ map: { k: 'x' } })).toBe('spec.map[k]: Invalid value: "x": no x');
      expect(await refused({ need: 'no' })).toBe('spec.need: Required value: must be ok');
      expect(await refused({ ban: 'no' })).toBe('spec.ban: Forbidden: must be ok');
      expect(
        await refused({
          pairs: [
            { low: 1, high: 2 },
            { low: 3, high: 2 },
          ],
        }),
      ).toBe('spec.pairs[1]: Invalid value: low is below high');
      expect(await refused({ pairs: [{ low: 3 }] })).toBe(
        'spec.pairs[0]: Invalid value: "object": no such key: high evaluating rule: low is below high',
      );
    });

    it('ask their rules beside other refusals, but not of what has the wrong type', async () => {
      await served('shapes', 'Shape');
      const causes = async (stated: Json) => (await refusal(site.client.create(shape(stated)))).causes;

      expect(await causes({ size: 7, list: ['a', 'b', 'c'] })).toHaveLength(2);
      expect(await causes({ size: 7, mode: 'c' })).toEqual([
        {
          reason: 'FieldValueNotSupported',
          message: 'Unsupported value: "c": supported values: "a", "b"',
          field: 'spec.mode',
        },
        {
          reason: 'FieldValueInvalid',
          message:
            'Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
          field: '<nil>',
        },
      ]);
      expect((await causes({ size: 'x', map: [], list: {} })).map(({ message }: any) => message)).toEqual(
        expect.arrayContaining([
          'Invalid value: "string": spec.size in body must be of type integer: "string"',
          'Invalid value: "array": spec.map in body must be of type object: "array"',
          'Invalid value: "object": spec.list in body must be of type array: "object"',
        ]),
      );
    });

    it('compare with before, on a patch and on an apply', async () => {
      await served('shapes', 'Shape');
      await site.client.apply(shape({ stays: 'x' }));

      const patched = await refusal(
        site.client.patch({ ...shape({}), name: 'a', namespace: site.namespace }, { spec: { stays: 'y' } }),
      );
      const applied = await refusal(site.client.apply(shape({ stays: 'y' })));

      const message = `Shape.${group} "a" is invalid: spec.stays: Invalid value: "y": it stays`;
      expect([patched.message, applied.message]).toEqual([message, message]);
    });

    it('drop unknown fields of a create, and refuse them in an apply, with every other that does not fit', async () => {
      await served('shapes', 'Shape');
      const odd = { list: {}, map: [], pairs: [{ low: 'x' }], size: true, need: 4 };

      const made = await site.client.create(shape({ size: 1, unknown: 1 }, 'made'));
      const one = await site.tried('APPLY', `${shapes()}/a`, shape({ unknown: 1 }));
      const all = await site.tried('APPLY', `${shapes()}/a`, shape(odd));

      const what = `failed to create typed patch object (${site.namespace}/a; ${group}/v1, Kind=Shape)`;
      expect(made['spec']).toEqual({ size: 1 });
      expect([one.code, one.reason, one.message]).toEqual([
        500,
        undefined,
        `${what}: .spec.unknown: field not declared in schema`,
      ]);
      const [first, ...each] = all.message.split('\n');
      expect(first).toBe(`${what}: errors:`);
      expect(each.toSorted()).toEqual([
        '  .spec.list: expected list, got &{map[]}',
        '  .spec.map: expected map, got &{[]}',
        '  .spec.need: expected string, got &value.valueUnstructured{Value:4}',
        '  .spec.pairs[0].low: expected numeric (int or float), got string',
        '  .spec.size: expected numeric (int or float), got bool',
      ]);
    });

    it('need a version to replace an object', async () => {
      await served('shapes', 'Shape');
      await site.client.create(shape({ size: 1 }));

      const answer = await site.tried('PUT', `${shapes()}/a`, shape({ size: 2 }));

      expect(answer).toMatchObject({
        code: 422,
        message: `shapes.${group} "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update`,
        details: { kind: 'shapes' },
      });
    });
  });
}
