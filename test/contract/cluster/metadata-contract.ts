import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { metadataOnly } from '#kube/metadata-only';
import type { MakeBed } from './bed.ts';
import { Site } from './bed.ts';

/** Reads of which only the metadata is wanted. */
export function metadataContract(name: string, makeBed: MakeBed): void {
  describe(`metadata alone of ${name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await Site.open(await makeBed());
    });
    afterEach(() => site.bed.close?.());

    const type = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' };
    const query = { labelSelector: 'metadata=alone' };
    const make = (one: string) =>
      site.client.create(site.configMap(one, { x: '1' }, { labels: { metadata: 'alone' } }));
    const get = async (accept: string, path = site.configMaps): Promise<any> =>
      (await site.send({ method: 'GET', path, query, accept })).body;

    it('is what a list is made of, page by page too', async () => {
      const made = await make('a');
      await make('b');

      const whole = await get(metadataOnly.list);
      const request = { method: 'GET', path: site.configMaps, accept: metadataOnly.list } as const;
      const page: any = (await site.send({ ...request, query: { ...query, limit: '1' } })).body;

      expect([whole.kind, whole.apiVersion]).toEqual(['PartialObjectMetadataList', 'meta.k8s.io/v1']);
      expect(whole.metadata.resourceVersion).toMatch(/^\d+$/);
      expect(whole.items).toHaveLength(2);
      expect(whole.items[0]).toEqual({ ...type, metadata: made.metadata });
      expect([page.items.length, page.metadata.continue]).toEqual([1, expect.stringMatching(/./)]);
    });

    it('is what a read of one object gives', async () => {
      const made = await make('a');

      const body = await get(metadataOnly.watch, `${site.configMaps}/a`);

      expect(body).toEqual({ ...type, metadata: made.metadata });
    });

    it('is what a watch tells of, its bookmarks and its ends too', async () => {
      const version = await site.version(site.configMaps);
      const made = await make('a');
      await site.client.patch(site.ref('a'), { data: { x: '2' } });
      await site.client.delete(site.ref('a'));

      const stop = new AbortController();
      const events = [];
      const asked = { ...query, resourceVersion: version, allowWatchBookmarks: 'true' };
      const options = { accept: metadataOnly.watch };
      for await (const event of site.bed.transport.watch(site.configMaps, asked, stop.signal, options)) {
        if (event.type !== 'BOOKMARK') events.push(event);
        if (events.length === 3) stop.abort();
      }

      expect(events.map((event) => event.type)).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
      expect(events[0]?.object).toEqual({ ...type, metadata: made.metadata });
      for (const { object } of events)
        expect(Object.keys(object).toSorted()).toEqual(['apiVersion', 'kind', 'metadata']);
    });

    it('is known to be a change of the object where nothing of the metadata has changed but its version', async () => {
      await make('a');
      const before = await get(metadataOnly.watch, `${site.configMaps}/a`);

      await site.client.patch(site.ref('a'), { data: { x: '2' } });
      const after = await get(metadataOnly.watch, `${site.configMaps}/a`);

      expect(BigInt(after.metadata.resourceVersion)).toBeGreaterThan(BigInt(before.metadata.resourceVersion));
    });

    it('is not taken for a list where one object is meant, nor the other way round', async () => {
      await make('a');

      const list = await get(metadataOnly.watch);
      const object = await get(metadataOnly.list, `${site.configMaps}/a`);

      expect([list.code, list.reason]).toEqual([406, 'NotAcceptable']);
      expect([object.code, object.reason]).toEqual([406, 'NotAcceptable']);
    });
  });
}
