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
      const clock = { now: () => site.bed.now(), sleep: waiting(site) };
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
