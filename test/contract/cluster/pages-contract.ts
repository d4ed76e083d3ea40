import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MakeBed } from './bed.ts';
import { Site } from './bed.ts';

/** Lists that are read page by page. */
export function pagesContract(name: string, makeBed: MakeBed): void {
  describe(`pages of ${name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await Site.open(await makeBed());
    });
    afterEach(() => site.bed.close?.());

    const labels = { pages: 'yes' };
    const page = async (token?: string): Promise<any> => {
      const query = { labelSelector: 'pages=yes', limit: '1', ...(token === undefined ? {} : { continue: token }) };
      return (await site.send({ method: 'GET', path: site.configMaps, query })).body;
    };
    const told = ({ items }: any) => items.map((one: any) => `${one.metadata.name} ${one.data.x}`);

    it('all show what was there when the first one was read, at its version', async () => {
      for (const one of ['a', 'b', 'c', 'd']) await site.client.create(site.configMap(one, { x: 'first' }, { labels }));
      const first = await page();
      await site.client.patch(site.ref('b'), { data: { x: 'second' } });
      await site.client.delete(site.ref('c'));
      await site.client.delete(site.ref('d'));
      await site.client.create(site.configMap('d', { x: 'anew' }, { labels }));
      await site.client.create(site.configMap('e', { x: 'first' }, { labels }));

      const second = await page(first.metadata.continue);
      const third = await page(second.metadata.continue);
      const fourth = await page(third.metadata.continue);

      const pages = [first, second, third, fourth];
      expect(pages.map(told)).toEqual([['a first'], ['b first'], ['c first'], ['d first']]);
      expect(new Set(pages.map(({ metadata }) => metadata.resourceVersion)).size).toBe(1);
    });

    it('are followed by a watch from their version, which tells what has changed between them', async () => {
      for (const one of ['a', 'b']) await site.client.create(site.configMap(one, { x: 'first' }, { labels }));
      const first = await page();
      await site.client.patch(site.ref('a'), { data: { x: 'second' } });
      const { metadata } = await page(first.metadata.continue);

      const query = { resourceVersion: metadata.resourceVersion, labelSelector: 'pages=yes' };
      const [event] = await site.watched(site.configMaps, query, 1);

      expect([event?.type, event?.object.metadata.name, event?.object.data.x]).toEqual(['MODIFIED', 'a', 'second']);
    });
  });
}
