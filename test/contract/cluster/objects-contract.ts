import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MakeBed } from './bed.ts';
import { refusal, Site } from './bed.ts';

/** Creating, reading, changing and deleting objects. */
export function objectsContract(name: string, makeBed: MakeBed): void {
  describe(`objects of ${name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await Site.open(await makeBed());
    });
    afterEach(() => site.bed.close?.());

    it('gives a new object a uid, a time and a version', async () => {
      const made = await site.client.create(site.configMap('a', { x: '1' }));

      expect(made.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
      expect(made.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      expect(made.metadata.resourceVersion).toMatch(/^\d+$/);
    });

    it('completes a generateName', async () => {
      const made = await site.client.create(site.configMap(undefined as never, {}, { generateName: 'node-' }));

      expect(made.metadata.name).toMatch(/^node-[a-z0-9]{5}$/);
    });

    it('refuses the same name twice', async () => {
      await site.client.create(site.configMap('a'));

      const error = await refusal(site.client.create(site.configMap('a')));

      expect([error.code, error.reason, error.message]).toEqual([
        409,
        'AlreadyExists',
        'configmaps "a" already exists',
      ]);
    });

    it('refuses a name that is no DNS name', async () => {
      const error = await refusal(site.client.create(site.configMap('Not_A_Name')));

      expect([error.code, error.reason, error.causes[0].field]).toEqual([422, 'Invalid', 'metadata.name']);
      expect(error.message).toContain(
        'ConfigMap "Not_A_Name" is invalid: metadata.name: Invalid value: "Not_A_Name": a lowercase RFC 1123 subdomain',
      );
    });

    it('refuses an object in a namespace that is not there', async () => {
      const error = await refusal(
        site.client.create({ ...site.configMap('a'), metadata: { name: 'a', namespace: 'nowhere' } }),
      );

      expect([error.code, error.message]).toEqual([404, 'namespaces "nowhere" not found']);
    });

    it('answers 404 for what is not there, and for a kind that is not served', async () => {
      const missing = await site.send({ method: 'GET', path: `${site.configMaps}/nothing` });
      const unserved = await site.send({ method: 'GET', path: '/apis/example.com/v1/namespaces/default/things/x' });

      expect(missing).toMatchObject({
        status: 404,
        body: { kind: 'Status', reason: 'NotFound', details: { name: 'nothing', kind: 'configmaps' } },
      });
      expect(unserved.status).toBe(404);
    });

    it('keeps the version when an update changes nothing', async () => {
      const made = await site.client.create(site.configMap('a', { x: '1' }));

      const again = await site.client.replace(made);

      expect(again.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    });

    it('refuses an update from an old version', async () => {
      const made = await site.client.create(site.configMap('a', { x: '1' }));
      await site.client.replace({ ...made, data: { x: '2' } });

      const error = await refusal(site.client.replace({ ...made, data: { x: '3' } }));

      expect([error.code, error.reason]).toEqual([409, 'Conflict']);
      expect(error.message).toBe(
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
      );
    });

    it('merges a merge patch and removes what is null', async () => {
      await site.client.create(site.configMap('a', { x: '1', y: '2' }));

      const patched = await site.client.patch(
        site.configMap('a', {}).metadata && {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: 'a',
          namespace: site.namespace,
        },
        { data: { x: null, z: '3' } },
      );

      expect(patched['data']).toEqual({ y: '2', z: '3' });
    });

    it('applies a JSON patch, and refuses one whose test fails', async () => {
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: site.namespace };
      await site.client.create(site.configMap('a', { x: '1' }));

      const patched = await site.client.patch(
        ref,
        [
          { op: 'test', path: '/data/x', value: '1' },
          { op: 'add', path: '/data/y', value: '2' },
        ],
        { type: 'json' },
      );
      const error = await refusal(
        site.client.patch(ref, [{ op: 'test', path: '/data/x', value: '9' }], { type: 'json' }),
      );

      expect(patched['data']).toEqual({ x: '1', y: '2' });
      expect(error.code).toBe(422);
    });

    it('changes nothing on a dry run, but answers as if it had', async () => {
      const dry = await site.client.create(site.configMap('a', { x: '1' }), { dryRun: true });

      expect(dry['data']).toEqual({ x: '1' });
      expect(
        await site.client.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: site.namespace }),
      ).toBeUndefined();
    });

    it('selects by labels and fields', async () => {
      await site.client.create(site.configMap('a', {}, { labels: { app: 'x', tier: 'one' } }));
      await site.client.create(site.configMap('b', {}, { labels: { app: 'y' } }));
      await site.client.create(site.configMap('c'));
      const names = async (query: object) =>
        (await site.client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace: site.namespace, ...query })).items
          .map(({ metadata }) => metadata.name)
          .filter((one) => one !== 'kube-root-ca.crt');

      expect(await names({ labelSelector: 'app=x' })).toEqual(['a']);
      expect(await names({ labelSelector: 'app!=x' })).toEqual(['b', 'c']);
      expect(await names({ labelSelector: 'app in (x, y)' })).toEqual(['a', 'b']);
      expect(await names({ labelSelector: 'app,!tier' })).toEqual(['b']);
      expect(await names({ fieldSelector: 'metadata.name=b' })).toEqual(['b']);
      const refused = await site.send({ method: 'GET', path: site.configMaps, query: { fieldSelector: 'data.x=1' } });
      expect(refused).toMatchObject({
        status: 400,
        body: { message: '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"' },
      });
    });

    it('lists page by page', async () => {
      for (const one of ['a', 'b', 'c', 'd', 'e'])
        await site.client.create(site.configMap(`page-${one}`, {}, { labels: { page: '1' } }));
      const query = { limit: '2', labelSelector: 'page=1' };

      const first: any = (await site.send({ method: 'GET', path: site.configMaps, query })).body;
      const second: any = (
        await site.send({
          method: 'GET',
          path: site.configMaps,
          query: { ...query, continue: first.metadata.continue },
        })
      ).body;
      const third: any = (
        await site.send({
          method: 'GET',
          path: site.configMaps,
          query: { ...query, continue: second.metadata.continue },
        })
      ).body;

      expect([first, second, third].map((page) => page.items.map((one: any) => one.metadata.name))).toEqual([
        ['page-a', 'page-b'],
        ['page-c', 'page-d'],
        ['page-e'],
      ]);
      expect(third.metadata.continue ?? '').toBe('');
    });

    it('deletes at once what nothing holds', async () => {
      await site.client.create(site.configMap('a'));

      const answer = await site.send({ method: 'DELETE', path: `${site.configMaps}/a` });

      expect(answer).toMatchObject({
        status: 200,
        body: { kind: 'Status', status: 'Success', details: { name: 'a', kind: 'configmaps' } },
      });
      expect((await site.send({ method: 'DELETE', path: `${site.configMaps}/a` })).status).toBe(404);
    });

    it('keeps an object with finalizers until they are gone', async () => {
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: site.namespace };
      await site.client.create(site.configMap('a', {}, { finalizers: ['novasphere.dev/hold'] }));
      await site.client.delete(ref);

      const held = await site.client.get(ref);
      await site.client.patch(ref, { metadata: { finalizers: null } });

      expect(held?.metadata.deletionTimestamp).toBeDefined();
      expect(await site.client.get(ref)).toBeUndefined();
    });

    it('deletes only the object with the uid that is named', async () => {
      await site.client.create(site.configMap('a'));
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: site.namespace };

      const error = await refusal(site.client.delete(ref, { uid: '00000000-0000-0000-0000-000000000000' }));

      expect([error.code, error.reason]).toEqual([409, 'Conflict']);
      expect(error.message).toMatch(
        /^Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition \(00000000-0000-0000-0000-000000000000\) does not match the UID in record \([0-9a-f-]{36}\)\. The object might have been deleted and then recreated$/,
      );
    });

    it('deletes a whole collection by selector', async () => {
      await site.client.create(site.configMap('a', {}, { labels: { go: 'yes' } }));
      await site.client.create(site.configMap('b'));

      await site.send({ method: 'DELETE', path: site.configMaps, query: { labelSelector: 'go=yes' } });

      const { items } = await site.client.list({ apiVersion: 'v1', kind: 'ConfigMap', namespace: site.namespace });
      expect(items.map(({ metadata }) => metadata.name).filter((one) => one !== 'kube-root-ca.crt')).toEqual(['b']);
    });

    it('counts generations of the spec, not of metadata or status', async () => {
      const made = await site.client.create(deployment(site.namespace));
      const ref = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: site.namespace };

      const labelled = await site.client.patch(ref, { metadata: { labels: { x: 'y' } } });
      const scaled = await site.client.patch(ref, { spec: { replicas: 2 } });
      const told = await site.client.patchStatus(ref, { observedGeneration: 1 });

      expect([made, labelled, scaled, told].map(({ metadata }) => metadata.generation)).toEqual([1, 1, 2, 2]);
    });

    it('fills in the defaults of a Deployment', async () => {
      const made = await site.client.create(deployment(site.namespace));

      expect(made['spec']).toMatchObject({
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      });
      expect(made['spec'].template.spec).toMatchObject({
        restartPolicy: 'Always',
        dnsPolicy: 'ClusterFirst',
        terminationGracePeriodSeconds: 30,
        schedulerName: 'default-scheduler',
        securityContext: {},
      });
      expect(made['spec'].template.spec.containers[0]).toEqual({
        name: 'web',
        image: 'nginx:1',
        imagePullPolicy: 'IfNotPresent',
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
      });
    });

    it('refuses a changed selector of a Deployment', async () => {
      await site.client.create(deployment(site.namespace));
      const changed = deployment(site.namespace);
      changed['spec'].selector.matchLabels = { app: 'other' };
      changed['spec'].template.metadata.labels = { app: 'other' };

      const error = await refusal(site.client.apply(changed, { force: true }));

      expect([error.code, error.causes.map((cause: any) => cause.field)]).toEqual([422, ['spec.selector']]);
      expect(error.message).toContain('field is immutable');
    });

    it('gives a Service an address of its own and keeps it', async () => {
      const service: any = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace: site.namespace },
        spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
      };
      const made = await site.client.create(service);

      const again = await site.client.apply(
        { ...service, spec: { ...service.spec, selector: { app: 'other' } } },
        { force: true },
      );

      expect(made['spec']).toMatchObject({
        type: 'ClusterIP',
        sessionAffinity: 'None',
        ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
      });
      expect(made['spec'].clusterIP).toMatch(/^\d+\.\d+\.\d+\.\d+$/);
      expect(again['spec'].clusterIP).toBe(made['spec'].clusterIP);
    });

    it('refuses changed parameters of a StorageClass', async () => {
      const name = `fast-${site.namespace}`;
      const fast = {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name },
        provisioner: 'x.example.com',
        parameters: { a: '1' },
      };
      await site.client.create(fast);

      const error = await refusal(site.client.apply({ ...fast, parameters: { a: '2' } }, { force: true }));
      await site.client.delete({ ...fast, name });

      expect([error.code, error.message]).toEqual([
        422,
        `StorageClass.storage.k8s.io "${name}" is invalid: parameters: Forbidden: updates to parameters are forbidden.`,
      ]);
    });

    it('refuses a smaller spec of a claim but not more storage', async () => {
      const claim = {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data', namespace: site.namespace },
        spec: { storageClassName: 'x', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      };
      await site.client.create(claim);

      const error = await refusal(
        site.client.apply({ ...claim, spec: { ...claim.spec, accessModes: ['ReadWriteMany'] } }, { force: true }),
      );

      expect(error.code).toBe(422);
      expect(error.message).toContain('spec is immutable after creation except resources.requests');
    });

    it('removes what an owner leaves behind', async () => {
      const owner = await site.client.create(site.configMap('owner'));
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid }];
      await site.client.create(site.configMap('owned', {}, { ownerReferences }));
      const ref = (one: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: one, namespace: site.namespace });

      await site.client.delete(ref('owner'));

      await site.until(async () => (await site.client.get(ref('owned'))) === undefined);
    });

    it('keeps an owner that is deleted in the foreground until its dependents are gone', async () => {
      const owner = await site.client.create(site.configMap('owner'));
      const ownerReferences = [
        { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid, blockOwnerDeletion: true },
      ];
      await site.client.create(site.configMap('owned', {}, { ownerReferences, finalizers: ['novasphere.dev/hold'] }));
      const ref = (one: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: one, namespace: site.namespace });

      await site.client.delete(ref('owner'), { propagation: 'Foreground' });
      await site.until(async () => (await site.client.get(ref('owned')))?.metadata.deletionTimestamp);
      const waiting = await site.client.get(ref('owner'));
      await site.client.patch(ref('owned'), { metadata: { finalizers: null } });

      expect(waiting?.metadata.finalizers).toEqual(['foregroundDeletion']);
      await site.until(async () => (await site.client.get(ref('owner'))) === undefined);
    });

    it('lets dependents live that are orphaned', async () => {
      const owner = await site.client.create(site.configMap('owner'));
      const ownerReferences = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid }];
      await site.client.create(site.configMap('owned', {}, { ownerReferences }));
      const ref = (one: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: one, namespace: site.namespace });

      await site.client.delete(ref('owner'), { propagation: 'Orphan' });
      await site.until(async () => (await site.client.get(ref('owner'))) === undefined);

      expect((await site.client.get(ref('owned')))?.metadata.ownerReferences).toBeUndefined();
    });

    it('empties a namespace before it lets it go, and lets nothing new in', async () => {
      await site.client.create(site.configMap('held', {}, { finalizers: ['novasphere.dev/hold'] }));
      const ref = { apiVersion: 'v1', kind: 'Namespace', name: site.namespace };

      await site.client.delete(ref);
      const error = await refusal(site.client.create(site.configMap('late')));
      const going = await site.client.get(ref);
      await site.until(
        async () =>
          (await site.client.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'held', namespace: site.namespace }))
            ?.metadata.deletionTimestamp,
      );
      await site.client.patch(
        { apiVersion: 'v1', kind: 'ConfigMap', name: 'held', namespace: site.namespace },
        { metadata: { finalizers: null } },
      );

      expect(going?.['status'].phase).toBe('Terminating');
      expect([error.code, error.message]).toEqual([
        403,
        `configmaps "late" is forbidden: unable to create new content in namespace ${site.namespace} because it is being terminated`,
      ]);
      await site.until(async () => (await site.client.get(ref)) === undefined);
    });

    it('answers its health pages in text', async () => {
      const plain = await site.send({ method: 'GET', path: '/readyz' });
      const verbose = await site.send({ method: 'GET', path: '/readyz', query: { verbose: '' } });

      expect(plain).toMatchObject({ status: 200, body: 'ok' });
      expect(verbose.body).toContain('[+]etcd ok');
      expect(verbose.body).toContain('readyz check passed');
    });
  });
}

export function deployment(namespace: string): any {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1' }] } },
    },
  };
}
