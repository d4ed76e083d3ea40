import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Reflector } from '#kube/reflector';
import type { MakeBed } from './bed.ts';
import { Site } from './bed.ts';

/** Watching. */
export function watchContract(name: string, makeBed: MakeBed): void {
  describe(`watches of ${name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await Site.open(await makeBed());
    });
    afterEach(() => site.bed.close?.());
    const ref = (one: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: one, namespace: site.namespace });

    it('tells what happened since a version, in order', async () => {
      const version = await site.version(site.configMaps);
      await site.client.create(site.configMap('a', { x: '1' }));
      await site.client.patch(ref('a'), { data: { x: '2' } });
      await site.client.delete(ref('a'));

      const events = await site.watched(
        site.configMaps,
        { resourceVersion: version, fieldSelector: 'metadata.name=a' },
        3,
      );

      expect(events.map(({ type, object }) => [type, object.data.x])).toEqual([
        ['ADDED', '1'],
        ['MODIFIED', '2'],
        ['DELETED', '2'],
      ]);
      const versions = events.map(({ object }) => BigInt(object.metadata.resourceVersion));
      expect(versions[0]! < versions[1]! && versions[1]! < versions[2]!).toBe(true);
    });

    it('begins with what is there when no version is named', async () => {
      await site.client.create(site.configMap('a', {}, { labels: { app: 'x' } }));

      const events = await site.watched(site.configMaps, { labelSelector: 'app=x' }, 1);

      expect(events.map(({ type, object }) => [type, object.metadata.name])).toEqual([['ADDED', 'a']]);
    });

    it('tells of changes while it is open', async () => {
      const version = await site.version(site.configMaps);
      const watching = site.watched(
        site.configMaps,
        { resourceVersion: version, fieldSelector: 'metadata.name=live' },
        1,
      );

      await site.client.create(site.configMap('live'));

      expect((await watching).map(({ type }) => type)).toEqual(['ADDED']);
    });

    it('shows objects that come into a selection as added, and those that leave it as deleted', async () => {
      const version = await site.version(site.configMaps);
      await site.client.create(site.configMap('a'));
      await site.client.patch(ref('a'), { metadata: { labels: { in: 'yes' } } });
      await site.client.patch(ref('a'), { metadata: { labels: { in: 'no' } } });

      const events = await site.watched(site.configMaps, { resourceVersion: version, labelSelector: 'in=yes' }, 2);

      expect(events.map(({ type }) => type)).toEqual(['ADDED', 'DELETED']);
      const [, left] = events.map(({ object }) => object.metadata);
      // As it was while it was in sight, at the version of the change.
      const now = await site.client.get(ref('a'));
      expect([left.labels, left.resourceVersion]).toEqual([{ in: 'yes' }, now?.metadata.resourceVersion]);
    });

    it('tells of what was deleted as it last was, without a mark of its end', async () => {
      await site.client.create(site.configMap('a', { x: '1' }));
      const version = await site.version(site.configMaps);
      await site.client.delete(ref('a'));

      const [event] = await site.watched(site.configMaps, { resourceVersion: version }, 1);

      expect([event?.type, event?.object.data, event?.object.metadata.deletionTimestamp]).toEqual([
        'DELETED',
        { x: '1' },
        undefined,
      ]);
    });

    it('answers what cannot be watched with one event', async () => {
      const events = await site.watched(site.configMaps, { fieldSelector: 'data.x=1' }, 1);

      expect(events).toMatchObject([
        {
          type: 'ERROR',
          object: {
            kind: 'Status',
            message: '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
            reason: 'BadRequest',
            code: 400,
          },
        },
      ]);
    });

    it('tells that what it is asked to go on from is forgotten, a watch and a page alike', async () => {
      for (const one of ['a', 'b', 'c']) await site.client.create(site.configMap(one));
      const query = { limit: '2' };
      const first: any = (await site.send({ method: 'GET', path: site.configMaps, query })).body;
      const version = first.metadata.resourceVersion;
      await site.client.patch(ref('a'), { data: { x: '1' } });

      await site.bed.forgetHistory();
      const [event] = await site.watched(site.configMaps, { resourceVersion: version }, 1);
      const next = { ...query, continue: first.metadata.continue };
      const page: any = await site.send({ method: 'GET', path: site.configMaps, query: next });

      expect([event?.type, event?.object.code, event?.object.reason]).toEqual(['ERROR', 410, 'Expired']);
      expect(event?.object.message).toMatch(new RegExp(`^too old resource version: ${version} \\(\\d+\\)$`));
      expect([page.status, page.body.reason]).toEqual([410, 'Expired']);
      expect(page.body.message).toMatch(
        /^The provided continue parameter is too old to display a consistent list result\. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results\./,
      );
      expect(page.body.metadata.continue).toMatch(/./);
    });

    it('ends after the time that was asked for', async () => {
      const stop = new AbortController();
      const version = await site.version(site.configMaps);
      const events = [];

      for await (const event of site.bed.transport.watch(
        site.configMaps,
        { resourceVersion: version, timeoutSeconds: '1' },
        stop.signal,
      ))
        events.push(event);

      expect(stop.signal.aborted).toBe(false);
    });

    it('feeds a reflector that follows every change', async () => {
      await site.client.create(site.configMap('early', {}, { labels: { by: 'reflector' } }));
      const stop = new AbortController();
      const clock = { elapsed: () => site.bed.now(), sleep: waiting(site) };
      const query = { apiVersion: 'v1', kind: 'ConfigMap', namespace: site.namespace, labelSelector: 'by=reflector' };
      const reflector = new Reflector({
        transport: site.bed.transport,
        discovery: site.client.discovery,
        query,
        clock,
      });
      const told: string[] = [];
      reflector.onChange({
        added: ({ metadata }) => told.push(`+${metadata.name}`),
        deleted: ({ metadata }) => told.push(`-${metadata.name}`),
      });
      const running = reflector.run(stop.signal);

      await reflector.synced;
      await site.client.create(site.configMap('late', {}, { labels: { by: 'reflector' } }));
      await site.client.delete(ref('early'));
      await site.until(async () => told.length >= 3);
      stop.abort();
      await running;

      expect(told).toEqual(['+early', '+late', '-early']);
      expect(reflector.get(site.namespace, 'late')).toBeDefined();
    });
  });
}

function waiting(site: Site) {
  return (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    const aborted = new Promise<never>((_, reject) => {
      if (signal?.aborted) reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    return Promise.race([site.bed.pass(milliseconds), aborted]);
  };
}
