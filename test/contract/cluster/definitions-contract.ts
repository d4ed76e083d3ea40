import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MakeBed } from './bed.ts';
import { refusal, Site } from './bed.ts';

/** Custom resource definitions and what they bring. */
export function definitionsContract(name: string, makeBed: MakeBed): void {
  describe(`custom resources of ${name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await Site.open(await makeBed());
      await site.client.apply(definition, { force: true });
      await site.until(() => site.client.serves('contract.novasphere.dev/v1', 'Gadget'));
    });
    afterEach(() => site.bed.close?.());
    const gadget = (spec: object, more: object = {}): any => ({
      apiVersion: 'contract.novasphere.dev/v1',
      kind: 'Gadget',
      metadata: { name: 'g', namespace: site.namespace },
      spec,
      ...more,
    });
    const ref = () => ({
      apiVersion: 'contract.novasphere.dev/v1',
      kind: 'Gadget',
      name: 'g',
      namespace: site.namespace,
    });

    it('establishes a definition and says so', async () => {
      const crd = await site.client.get({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: 'gadgets.contract.novasphere.dev',
      });

      const states = Object.fromEntries(crd?.['status'].conditions.map(({ type, status }: any) => [type, status]));
      expect(states).toMatchObject({ NamesAccepted: 'True', Established: 'True' });
      expect(crd?.['status'].storedVersions).toEqual(['v1']);
      expect(crd?.metadata.finalizers).toBeUndefined();
    });

    it('drops unknown fields and fills in defaults', async () => {
      const made = await site.client.create(gadget({ size: 1, odd: true, open: { any: { thing: 1 } } }));

      expect(made['spec']).toEqual({ size: 1, mode: 'auto', nested: { level: 3 }, open: { any: { thing: 1 } } });
    });

    it('refuses wrong types, missing fields and values out of range, all at once', async () => {
      const error = await refusal(
        site.client.create(gadget({ mode: 'loud', size: 99, label: 'UPPER', parts: [{ name: 'a', count: 'two' }] })),
      );
      const missing = await refusal(site.client.create(gadget({})));

      expect(error.code).toBe(422);
      expect(error.message).toContain('Gadget.contract.novasphere.dev "g" is invalid');
      expect(error.message).toContain('spec.mode: Unsupported value: "loud": supported values: "auto", "manual"');
      expect(error.message).toContain(
        'spec.size: Invalid value: 99: spec.size in body should be less than or equal to 64',
      );
      expect(error.message).toContain(`spec.label: Invalid value: "UPPER": spec.label in body should match '^[a-z]+$'`);
      expect(error.message).toContain(
        'spec.parts[0].count: Invalid value: "string": spec.parts[0].count in body must be of type integer: "string"',
      );
      expect(missing.message).toContain('spec.size: Required value');
    });

    it('takes numbers and texts where either may be', async () => {
      const made = await site.client.create(gadget({ size: 1, port: 'http' }));
      const next = await site.client.patch(ref(), { spec: { port: 80 } });

      expect([made['spec'].port, next['spec'].port]).toEqual(['http', 80]);
    });

    it('asks the rules, also those that compare with before', async () => {
      const broken = await refusal(
        site.client.create(
          gadget({
            size: 1,
            parts: [
              { name: 'a', count: 1 },
              { name: 'b', count: 2 },
            ],
            most: 1,
          }),
        ),
      );
      await site.client.create(gadget({ size: 5 }));
      const shrunk = await refusal(site.client.patch(ref(), { spec: { size: 4 } }));
      const grown = await site.client.patch(ref(), { spec: { size: 6 } });

      expect(broken.message).toContain('no more parts than most');
      expect([shrunk.code, shrunk.message.includes('size never shrinks')]).toEqual([422, true]);
      expect(grown['spec'].size).toBe(6);
    });

    it('merges lists by the keys of the schema', async () => {
      await site.client.apply(gadget({ size: 1, parts: [{ name: 'a', count: 1 }] }));
      await site.as('other').apply(gadget({ size: 1, parts: [{ name: 'b', count: 2 }] }));

      const next = await site.client.apply(gadget({ size: 1, parts: [{ name: 'a', count: 3 }] }));

      expect(next['spec'].parts.toSorted((x: any, y: any) => (x.name < y.name ? -1 : 1))).toEqual([
        { name: 'a', count: 3 },
        { name: 'b', count: 2 },
      ]);
    });

    it('refuses two items with one key', async () => {
      const error = await refusal(
        site.client.create(
          gadget({
            size: 1,
            parts: [
              { name: 'a', count: 1 },
              { name: 'a', count: 2 },
            ],
          }),
        ),
      );

      expect(error.message).toContain('spec.parts[1]: Duplicate value: {"name":"a"}');
    });

    it('keeps status and spec apart', async () => {
      await site.client.create(gadget({ size: 1 }, { status: { phase: 'Early' } }));
      const created = await site.client.get(ref());
      const told = await site.client.patchStatus(ref(), { phase: 'Ready' });
      const ignored = await site.client.patch(ref(), { status: { phase: 'Wrong' }, spec: { size: 2 } });

      expect(created?.['status']).toBeUndefined();
      expect([told['status'].phase, told.metadata.generation]).toEqual(['Ready', 1]);
      expect([ignored['status'].phase, ignored.metadata.generation]).toEqual(['Ready', 2]);
    });

    it('keeps the version when nothing changes, whoever applies', async () => {
      const made = await site.client.apply(gadget({ size: 1 }));
      const again = await site.client.apply(gadget({ size: 1 }));

      expect(again.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    });

    it('takes a definition away with everything of its kind', async () => {
      await site.client.create(gadget({ size: 1 }));
      await site.client.delete({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        name: 'gadgets.contract.novasphere.dev',
      });

      await site.until(
        async () =>
          !(await site.client.serves('contract.novasphere.dev/v1', 'Gadget')) ||
          (site.client.discovery.forget(), undefined),
      );
      expect(await site.client.get(ref())).toBeUndefined();
    });
  });
}

const definition: any = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'gadgets.contract.novasphere.dev' },
  spec: {
    group: 'contract.novasphere.dev',
    scope: 'Namespaced',
    names: { plural: 'gadgets', kind: 'Gadget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['size'],
                'x-kubernetes-validations': [
                  { rule: 'self.size >= oldSelf.size', message: 'size never shrinks' },
                  {
                    rule: '!has(self.most) || !has(self.parts) || size(self.parts) <= self.most',
                    message: 'no more parts than most',
                  },
                ],
                properties: {
                  size: { type: 'integer', minimum: 1, maximum: 64 },
                  most: { type: 'integer' },
                  mode: { type: 'string', enum: ['auto', 'manual'], default: 'auto' },
                  label: { type: 'string', pattern: '^[a-z]+$' },
                  port: { 'x-kubernetes-int-or-string': true },
                  nested: { type: 'object', default: {}, properties: { level: { type: 'integer', default: 3 } } },
                  open: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  parts: {
                    type: 'array',
                    maxItems: 8,
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: { name: { type: 'string' }, count: { type: 'integer' } },
                    },
                  },
                },
              },
              status: { type: 'object', properties: { phase: { type: 'string' } } },
            },
          },
        },
      },
    ],
  },
};
