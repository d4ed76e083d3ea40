import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MakeBed } from './bed.ts';
import { refusal, Site } from './bed.ts';
import { deployment } from './objects-contract.ts';

/** How objects end, and what a dry run, a page and a version are worth. */
export function lifecycleContract(name: string, makeBed: MakeBed): void {
  describe(`ends and looks on ${name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await Site.open(await makeBed());
    });
    afterEach(() => site.bed.close?.());
    const hold = ['novasphere.dev/hold'];
    const get = async (one: string) => site.client.get(site.ref(one));
    const path = (one: string) => `${site.configMaps}/${one}`;
    const ownedBy = (...owners: any[]) => ({
      ownerReferences: owners.map(({ metadata }) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: metadata.name,
        uid: metadata.uid,
      })),
    });

    it('answer a delete with the object that stays, and say so to whoever makes it again', async () => {
      await site.client.create(site.configMap('a', {}, { finalizers: hold }));

      const { body }: any = await site.send({ method: 'DELETE', path: path('a') });
      const again = await refusal(site.client.create(site.configMap('a')));

      expect(body).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'a', deletionGracePeriodSeconds: 0 } });
      expect(again.message).toBe('object is being deleted: configmaps "a" already exists');
    });

    it('let nobody hold what is already going, but let everybody change it', async () => {
      await site.client.create(site.configMap('a', {}, { finalizers: hold }));
      await site.client.delete(site.ref('a'));

      const error = await refusal(
        site.client.patch(site.ref('a'), { metadata: { finalizers: [...hold, 'novasphere.dev/more'] } }),
      );
      const changed = await site.client.apply(site.configMap('a', { x: '1' }));

      expect(error.message).toBe(
        'ConfigMap "a" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"novasphere.dev/more"}',
      );
      expect([changed['data'], changed.metadata.deletionTimestamp === undefined]).toEqual([{ x: '1' }, false]);
    });

    it('refuse what is new in a namespace that goes, dry or not, and tell why with a cause', async () => {
      await site.client.create(site.configMap('held', {}, { finalizers: hold }));
      await site.client.delete({ apiVersion: 'v1', kind: 'Namespace', name: site.namespace });
      const because = `unable to create new content in namespace ${site.namespace} because it is being terminated`;

      const made = await site.tried('POST', site.configMaps, site.configMap('late'));
      const applied = await site.tried('APPLY', path('late'), site.configMap('late'), { dryRun: 'All' });
      const changed = await site.client.patch(site.ref('held'), { data: { still: 'mine' } });
      await site.client.patch(site.ref('held'), { metadata: { finalizers: null } });

      for (const answer of [made, applied]) {
        expect(answer).toMatchObject({ code: 403, message: `configmaps "late" is forbidden: ${because}` });
        expect(answer.details.causes).toEqual([
          {
            reason: 'NamespaceTerminating',
            message: `namespace ${site.namespace} is being terminated`,
            field: 'metadata.namespace',
          },
        ]);
      }
      expect(changed['data']).toEqual({ still: 'mine' });
    });

    it('say in five conditions what a namespace waits for', async () => {
      const ref = { apiVersion: 'v1', kind: 'Namespace', name: site.namespace };
      await site.client.create(site.configMap('held', {}, { finalizers: hold }));
      await site.client.delete(ref);

      const conditions: any[] = await site.until(async () => {
        const found = (await site.client.get(ref))?.['status'].conditions;
        return found?.some((one: any) => one.type === 'NamespaceFinalizersRemaining' && one.status === 'True') && found;
      });
      await site.client.patch(site.ref('held'), { metadata: { finalizers: null } });

      expect(conditions.map(({ type, status, reason, message }) => `${type}=${status} ${reason}: ${message}`)).toEqual([
        'NamespaceDeletionDiscoveryFailure=False ResourcesDiscovered: All resources successfully discovered',
        'NamespaceDeletionGroupVersionParsingFailure=False ParsedGroupVersions: All legacy kube types successfully parsed',
        'NamespaceDeletionContentFailure=False ContentDeleted: All content successfully deleted, may be waiting on finalization',
        'NamespaceContentRemaining=True SomeResourcesRemain: Some resources are remaining: configmaps. has 1 resource instances',
        'NamespaceFinalizersRemaining=True SomeFinalizersRemain: Some content in the namespace has finalizers remaining: novasphere.dev/hold in 1 resource instances',
      ]);
    });

    it('collect what never had an owner, and forget owners that are gone as long as one lives', async () => {
      const [one, other] = [
        await site.client.create(site.configMap('one')),
        await site.client.create(site.configMap('other')),
      ];
      const ghost = { metadata: { name: 'ghost', uid: '11111111-1111-4111-8111-111111111111' } };
      await site.client.create(site.configMap('dangling', {}, ownedBy(ghost)));
      await site.client.create(site.configMap('shared', {}, ownedBy(one, other)));

      await site.client.delete(site.ref('one'));

      await site.until(async () => (await get('dangling')) === undefined);
      const left = await site.until(async () => {
        const owners = (await get('shared'))?.metadata.ownerReferences ?? [];
        return owners.length === 1 && owners;
      });
      expect(left.map(({ name: who }) => who)).toEqual(['other']);
    });

    it('take every dependent in the foreground, also those that nobody waits for', async () => {
      const owner = await site.client.create(site.configMap('owner'));
      await site.client.create(site.configMap('free', {}, ownedBy(owner)));
      const [reference] = ownedBy(owner).ownerReferences;
      const blocking = { ownerReferences: [{ ...reference, blockOwnerDeletion: true }], finalizers: hold };
      await site.client.create(site.configMap('blocking', {}, blocking));
      await site.until(async () => (await get('blocking')) !== undefined);

      await site.client.delete(site.ref('owner'), { propagation: 'Foreground' });

      await site.until(async () => (await get('free')) === undefined);
      expect((await get('owner'))?.metadata.finalizers).toEqual(['foregroundDeletion']);
      await site.client.patch(site.ref('blocking'), { metadata: { finalizers: null } });
      await site.until(async () => (await get('owner')) === undefined);
    });

    it('change nothing on a dry run of anything', async () => {
      const before = await site.client.create(
        site.configMap('a', { x: '1' }, { finalizers: hold, labels: { a: 'b' } }),
      );
      const dry = { dryRun: 'All' };

      const answers: any[] = [
        await site.tried('POST', site.configMaps, site.configMap('new'), dry),
        await site.tried('APPLY', path('applied'), site.configMap('applied', { y: '1' }), dry),
        await site.tried('MERGE', path('a'), { data: { x: '2' } }, dry),
        await site.tried('PUT', path('a'), { ...before, data: { x: '3' } }, dry),
        (await site.send({ method: 'DELETE', path: path('a'), query: dry })).body,
        (await site.send({ method: 'DELETE', path: site.configMaps, query: { ...dry, labelSelector: 'a=b' } })).body,
      ];
      const namespace = await site.send({ method: 'DELETE', path: `/api/v1/namespaces/${site.namespace}`, query: dry });

      expect(answers.map(({ kind, data }) => [kind, data])).toEqual([
        ['ConfigMap', undefined],
        ['ConfigMap', { y: '1' }],
        ['ConfigMap', { x: '2' }],
        ['ConfigMap', { x: '3' }],
        ['ConfigMap', { x: '1' }],
        ['ConfigMapList', undefined],
      ]);
      expect(answers[4].metadata.deletionTimestamp).toBeDefined();
      expect(namespace.body).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } });
      expect([await get('new'), await get('applied')]).toEqual([undefined, undefined]);
      expect(await get('a')).toEqual(before);
    });

    it('do not know a namespace that was made dry', async () => {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `${site.namespace}-dry` } };
      const inside = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };

      const made = await site.tried('POST', '/api/v1/namespaces', namespace, { dryRun: 'All' });
      const applied = await site.tried('APPLY', `/api/v1/namespaces/${site.namespace}-dry/configmaps/a`, inside, {
        dryRun: 'All',
      });

      expect(made.status.phase).toBe('Active');
      expect([applied.code, applied.message]).toEqual([404, `namespaces "${site.namespace}-dry" not found`]);
    });

    it('list items of built-in kinds without their type, and count the rest only where nothing selects', async () => {
      for (const one of ['a', 'b', 'c']) await site.client.create(site.configMap(one, {}, { labels: { page: '1' } }));
      const list = async (query: Record<string, string>) =>
        (await site.send({ method: 'GET', path: site.configMaps, query })).body as any;

      const all = await list({ limit: '1' });
      const some = await list({ limit: '1', labelSelector: 'page=1' });

      expect([all.kind, all.items[0].kind, all.items[0].apiVersion]).toEqual(['ConfigMapList', undefined, undefined]);
      expect(all.metadata.remainingItemCount).toBeGreaterThanOrEqual(2);
      expect(some.metadata).toMatchObject({ continue: expect.stringMatching(/./) });
      expect(some.metadata.remainingItemCount).toBeUndefined();
    });

    it('refuse to read a version that is yet to come, and ask for a second of patience', async () => {
      const query = { resourceVersion: '999999999' };

      const { status, body }: any = await site.send({ method: 'GET', path: site.configMaps, query });

      expect(status).toBe(504);
      expect(body).toMatchObject({
        reason: 'Timeout',
        message: expect.stringMatching(/^Timeout: Too large resource version: 999999999, current: \d+$/),
        details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
      });
    });

    it('keep a status of zeros from the first moment, and no observedGeneration', async () => {
      const { selector, template } = deployment(site.namespace).spec;
      const make = (kind: string, spec: object) =>
        site.client.create(
          { apiVersion: 'apps/v1', kind, metadata: { name: 'x', namespace: site.namespace }, spec } as never,
          { dryRun: true },
        ) as Promise<any>;

      const daemons = await make('DaemonSet', { selector, template });
      const set = await make('StatefulSet', { selector, template, serviceName: 'x' });
      const plain = await make('Deployment', { selector, template });

      expect([daemons.status, set.status, plain.status]).toEqual([
        { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
        { availableReplicas: 0, replicas: 0 },
        {},
      ]);
    });
  });
}
