import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MakeBed } from './bed.ts';
import { refusal, Site } from './bed.ts';
import { deployment } from './objects-contract.ts';

/** Server-side apply: who owns which field, and what happens to the others. */
export function applyContract(name: string, makeBed: MakeBed): void {
  describe(`server-side apply of ${name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await Site.open(await makeBed());
    });
    afterEach(() => site.bed.close?.());
    const ref = (one: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: one, namespace: site.namespace });

    it('creates what is not there and writes down who owns what', async () => {
      const made = await site.client.apply(site.configMap('a', { x: '1' }, { labels: { app: 'a' } }));

      expect(made.metadata.managedFields).toEqual([
        {
          manager: 'contract',
          operation: 'Apply',
          apiVersion: 'v1',
          time: expect.any(String),
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:data': { 'f:x': {} }, 'f:metadata': { 'f:labels': { 'f:app': {} } } },
        },
      ]);
    });

    it('keeps the version when it is applied again', async () => {
      // No controller writes to this one.
      const quiet = site.configMap('quiet', { a: '1' });
      const made = await site.client.apply(quiet);

      const again = await site.client.apply(quiet);

      expect(again.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    });

    it('removes a field that its owner no longer applies', async () => {
      await site.client.apply(site.configMap('a', { x: '1', y: '2' }));

      const next = await site.client.apply(site.configMap('a', { x: '1' }));

      expect(next['data']).toEqual({ x: '1' });
    });

    it('leaves the fields of others alone', async () => {
      await site.client.apply(site.configMap('a', { x: '1' }));
      await site.as('other').apply(site.configMap('a', { y: '2' }));

      const next = await site.client.apply(site.configMap('a', {}));

      expect(next['data']).toEqual({ y: '2' });
    });

    it('refuses to change what somebody else applied, and names field and owner', async () => {
      await site.client.apply(site.configMap('a', { x: '1' }));

      const error = await refusal(site.as('other').apply(site.configMap('a', { x: '2' })));

      expect([error.code, error.reason, error.message]).toEqual([
        409,
        'Conflict',
        'Apply failed with 1 conflict: conflict with "contract": .data.x',
      ]);
      expect(error.causes).toEqual([
        { reason: 'FieldManagerConflict', message: 'conflict with "contract"', field: '.data.x' },
      ]);
    });

    it('names the version and time of owners that did not apply', async () => {
      await site.client.create(site.configMap('a', { x: '1' }));

      const error = await refusal(site.as('other').apply(site.configMap('a', { x: '2' })));

      expect(error.message).toMatch(
        /^Apply failed with 1 conflict: conflict with "contract" using v1( at [0-9TZ:-]+)?: \.data\.x$/,
      );
    });

    it('takes a field over by force', async () => {
      await site.client.apply(site.configMap('a', { x: '1' }));

      const next = await site.as('other').apply(site.configMap('a', { x: '2' }), { force: true });

      expect(next['data']).toEqual({ x: '2' });
      expect((next.metadata.managedFields as any[]).map(({ manager }) => manager)).toEqual(['other']);
    });

    it('shares a field that both apply alike', async () => {
      await site.client.apply(site.configMap('a', { x: '1' }));
      await site.as('other').apply(site.configMap('a', { x: '1' }));

      const next = await site.client.apply(site.configMap('a', {}));

      expect(next['data']).toEqual({ x: '1' });
    });

    it('lets somebody else change a field by a patch, which it then owns', async () => {
      await site.client.apply(site.configMap('a', { x: '1' }));
      await site.as('other').patch(ref('a'), { data: { x: '9' } });

      const error = await refusal(site.client.apply(site.configMap('a', { x: '1' })));

      expect(error.causes).toMatchObject([{ field: '.data.x' }]);
    });

    it('merges containers by name and keeps those of others', async () => {
      await site.client.apply(deployment(site.namespace));
      const more = deployment(site.namespace);
      more.spec.template.spec.containers = [{ name: 'side', image: 'side:1' }];
      await site.as('other').apply(more);

      const ours = deployment(site.namespace);
      ours.spec.template.spec.containers[0].image = 'nginx:2';
      const next = await site.client.apply(ours);

      expect(next['spec'].template.spec.containers.map((one: any) => [one.name, one.image])).toEqual(
        expect.arrayContaining([
          ['web', 'nginx:2'],
          ['side', 'side:1'],
        ]),
      );
      expect(next['spec'].template.spec.containers).toHaveLength(2);
    });

    it('removes a container that its owner no longer applies', async () => {
      const two = deployment(site.namespace);
      two.spec.template.spec.containers.push({ name: 'side', image: 'side:1' });
      await site.client.apply(two);

      const next = await site.client.apply(deployment(site.namespace));

      expect(next['spec'].template.spec.containers.map((one: any) => one.name)).toEqual(['web']);
    });

    it('replaces lists as a whole where they have no keys', async () => {
      const first = deployment(site.namespace);
      first.spec.template.spec.containers[0].args = ['a', 'b'];
      await site.client.apply(first);
      const second = deployment(site.namespace);
      second.spec.template.spec.containers[0].args = ['c'];

      const next = await site.client.apply(second);

      expect(next['spec'].template.spec.containers[0].args).toEqual(['c']);
    });

    it('says where in a list a conflict is', async () => {
      await site.client.apply(deployment(site.namespace));
      const other = deployment(site.namespace);
      other.spec.template.spec.containers[0].image = 'nginx:9';

      const error = await refusal(site.as('other').apply(other));

      expect(error.causes).toMatchObject([{ field: '.spec.template.spec.containers[name="web"].image' }]);
    });

    it('refuses two items with one key', async () => {
      const twice = deployment(site.namespace);
      twice.spec.template.spec.containers[0].env = [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ];

      const error = await refusal(site.client.apply(twice));

      expect(error.code).toBeGreaterThanOrEqual(400);
      expect(error.message).toContain('duplicate entries for key [name="A"]');
    });

    it('needs a field manager', async () => {
      const answer = await site.send({
        method: 'PATCH',
        path: `${site.configMaps}/a`,
        contentType: 'application/apply-patch+yaml',
        body: site.configMap('a'),
      });

      expect(answer.status).toBe(422);
      expect((answer.body as any).message).toContain('fieldManager: Required value: is required for apply patch');
    });

    it('applies the status apart from the rest', async () => {
      await site.client.apply(deployment(site.namespace));
      const status = {
        ...deployment(site.namespace),
        spec: undefined,
        status: { observedGeneration: 1, conditions: [condition('novasphere.dev/First')] },
      };
      await site.client.apply(status, { subresource: 'status' });
      await site
        .as('other')
        .apply({ ...status, status: { conditions: [condition('novasphere.dev/Second')] } }, { subresource: 'status' });

      const again = await site.client.apply(deployment(site.namespace));

      const types: string[] = again['status'].conditions.map(({ type }: any) => type);
      const ours = types.filter((type) => type.startsWith('novasphere.dev/'));
      expect(ours).toEqual(['novasphere.dev/First', 'novasphere.dev/Second']);
      expect(again['status'].observedGeneration).toBe(1);
    });

    it('does not own the status through the main endpoint', async () => {
      const made = await site.client.apply({ ...deployment(site.namespace), status: { replicas: 3 } });

      expect(made['status']?.replicas).toBeUndefined();
    });

    it('previews without writing', async () => {
      const made = await site.client.apply(site.configMap('a', { x: '1' }));

      const preview = await site.client.apply(site.configMap('a', { x: '2' }), { dryRun: true });

      expect(preview['data']).toEqual({ x: '2' });
      expect((await site.client.get(ref('a')))?.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    });
  });
}

function condition(type: string): object {
  return {
    type,
    status: 'True',
    reason: 'X',
    message: '',
    lastTransitionTime: '2026-11-21T06:00:00Z',
    lastUpdateTime: '2026-11-21T06:00:00Z',
  };
}
