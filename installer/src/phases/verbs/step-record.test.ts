import { describe, expect, it } from 'vitest';
import type { ComponentName } from '#catalog/catalog';
import { describe as inWords } from '#engine/run-step';
import type { KubeObject, ObjectRef } from '#ports/cluster';
import { simulatedStage } from '../../../../test/fixtures/simulated-stage.ts';
import { consentFor } from './leftovers.ts';
import { objectsApplied } from './objects-applied.ts';

const settings = (name: string, namespace = 'default'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data: { a: '1' },
});
const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Cluster',
    names: { plural: 'things', kind: 'Thing' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
};
const thing = (name: string): KubeObject => ({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name } });
const record: ObjectRef = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'novasphere-system',
  name: 'inventory-longhorn-install',
};

/** Releases one after the other: each is a list of objects for the same step. */
function releases() {
  const { stage, act, cluster, consents, server, clock } = simulatedStage();
  const step = (objects: readonly KubeObject[], id = 'longhorn/install', component: ComponentName = 'longhorn') =>
    objectsApplied({ id, title: 'Install', component, objects: () => objects });
  const look = async (...objects: readonly KubeObject[]) => {
    const found = await step(objects).probe(stage);
    if (found.state === 'blocked') throw found.fault;
    return { changes: found.state === 'drifted' ? found.changes : [], notes: found.notes ?? [] };
  };
  const install = async (...objects: readonly KubeObject[]) => {
    const { changes } = await look(...objects);
    if (changes.length > 0) await step(objects).apply(stage, act(changes));
  };
  const recorded = async () =>
    String((await cluster.get(record))?.['data'].objects)
      .trim()
      .split('\n');
  const isThere = async ({ apiVersion, kind, metadata }: KubeObject) => {
    const place = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
    return (await cluster.get({ apiVersion, kind, name: metadata.name, ...place })) !== undefined;
  };
  return { stage, act, cluster, consents, server, clock, step, look, install, recorded, isThere };
}

describe('the record of a step', () => {
  it('is written before the first object', async () => {
    const { install, server } = releases();

    await install(settings('one'));

    const written = server.log.filter(({ method, dryRun }) => method === 'PATCH' && !dryRun).map(({ path }) => path);
    expect(written).toEqual([
      '/api/v1/namespaces/novasphere-system',
      '/api/v1/namespaces/novasphere-system/configmaps/inventory-longhorn-install',
      '/api/v1/namespaces/default/configmaps/one',
    ]);
  });

  it('says what was applied, one line an object', async () => {
    const { install, recorded } = releases();

    await install(settings('two'), namespace('apart'), settings('one'));

    expect(await recorded()).toEqual(['v1 ConfigMap default/one', 'v1 ConfigMap default/two', 'v1 Namespace apart']);
  });

  it('is found, shown and mended when somebody has deleted it', async () => {
    const { install, look, cluster } = releases();
    await install(settings('one'));
    await cluster.remove(record, { propagation: 'Background' });

    const { changes } = await look(settings('one'));

    expect(changes.map(inWords)).toEqual(['create ConfigMap novasphere-system/inventory-longhorn-install']);
  });

  it('is widened by what a release has more, and said so', async () => {
    const { install, look, recorded } = releases();
    await install(settings('one'));

    const { changes } = await look(settings('one'), settings('two'));
    await install(settings('one'), settings('two'));

    expect(changes.map(inWords)).toEqual([
      'update ConfigMap novasphere-system/inventory-longhorn-install: 1 object more',
      'create ConfigMap default/two',
    ]);
    expect(await recorded()).toHaveLength(2);
  });
});

describe('what an earlier release installed and this one does not', () => {
  it('stays without consent, is noted, and nothing is written for it', async () => {
    const { install, look, isThere, server } = releases();
    await install(settings('old'), settings('kept'));
    const { writes } = server;

    const found = await look(settings('kept'));
    await install(settings('kept'));

    expect(found).toEqual({
      changes: [],
      notes: ['left over from an earlier release: ConfigMap default/old; “--prune longhorn” removes it'],
    });
    expect(server.writes).toBe(writes);
    expect(await isThere(settings('old'))).toBe(true);
  });

  it('goes with consent, is forgotten, and is said before', async () => {
    const { install, look, isThere, recorded, consents } = releases();
    await install(settings('old'), settings('kept'));
    consents.add(consentFor('longhorn'));

    const { changes } = await look(settings('kept'));
    await install(settings('kept'));

    expect(changes).toEqual([{ what: 'remove ConfigMap default/old', to: 'longhorn has none of that name any more' }]);
    expect(await isThere(settings('old'))).toBe(false);
    expect(await recorded()).toEqual(['v1 ConfigMap default/kept']);
    expect(await look(settings('kept'))).toEqual({ changes: [], notes: [] });
  });

  it('is not touched by consent for another component', async () => {
    const { install, isThere, consents } = releases();
    await install(settings('old'), settings('kept'));
    consents.add(consentFor('cdi'));

    await install(settings('kept'));

    expect(await isThere(settings('old'))).toBe(true);
  });

  it('is left alone once it does not bear our label any more', async () => {
    const { install, look, cluster, consents } = releases();
    await install(settings('old'), settings('kept'));
    const labels = { 'novasphere.dev/component': null };
    await cluster.merge({ ...record, namespace: 'default', name: 'old' }, { metadata: { labels } });
    consents.add(consentFor('longhorn'));

    expect(await look(settings('kept'))).toEqual({ changes: [], notes: [] });
  });

  it('is left alone where it has only moved to another step', async () => {
    const { install, look, step, stage, act, consents } = releases();
    await install(settings('moved'), settings('kept'));
    consents.add(consentFor('longhorn'));
    await step([settings('moved')], 'longhorn/classes').apply(stage, act());

    expect(await look(settings('kept'))).toEqual({ changes: [], notes: [] });
  });

  it('is the same object in another version of its kind', async () => {
    const { install, look } = releases();
    const budget = (version: string): KubeObject => ({
      apiVersion: `example.com/${version}`,
      kind: 'Thing',
      metadata: { name: 'x' },
    });
    const both = structuredClone(definition);
    both['spec'].versions.push({ ...both['spec'].versions[0], name: 'v2', storage: false });
    await install(both);
    await install(both, budget('v1'));

    const { changes, notes } = await look(both, budget('v2'));

    expect([changes.filter(({ what }) => what.startsWith('remove')), notes]).toEqual([[], []]);
  });

  it('is removed only by name where it may hold something, and then as a destruction', async () => {
    const { install, look, isThere, consents } = releases();
    await install(namespace('old'), settings('kept'));
    consents.add(consentFor('longhorn'));
    const without = await look(settings('kept'));
    consents.add('Namespace old');

    const { changes } = await look(settings('kept'));
    await install(settings('kept'));

    expect(without).toEqual({
      changes: [],
      notes: [
        "left over from an earlier release: Namespace old; what it holds would be lost: only “--prune 'Namespace old'” removes it",
      ],
    });
    expect(changes).toEqual([
      { what: 'remove Namespace old', to: 'longhorn has none of that name any more', destructive: 'Namespace old' },
    ]);
    expect(await isThere(namespace('old'))).toBe(false);
  });

  it('stays, consent or not, where it is a definition of which there are objects', async () => {
    const { install, look, isThere, cluster, clock, consents } = releases();
    await install(definition, settings('kept'));
    await clock.sleep(1000);
    for (const name of ['a', 'b', 'c', 'd', 'e']) await cluster.apply(thing(name));
    consents.add(consentFor('longhorn'));
    consents.add('CustomResourceDefinition things.example.com');

    const found = await look(settings('kept'));
    await install(settings('kept'));

    expect(found).toEqual({
      changes: [],
      notes: [
        'left over from an earlier release: CustomResourceDefinition things.example.com, which stays: there are still 5 Things: a, b, c and 2 more',
      ],
    });
    expect(await isThere(definition)).toBe(true);
  });

  it('goes in the opposite order of installing: what answers for others before what it stands on', async () => {
    const { install, consents, server } = releases();
    const account: KubeObject = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'old', namespace: 'default' },
    };
    const hooks: KubeObject = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'old' },
      webhooks: [],
    };
    await install(account, settings('old'), hooks, settings('kept'));
    consents.add(consentFor('longhorn'));
    server.log.length = 0;

    await install(settings('kept'));

    expect(server.log.filter(({ method }) => method === 'DELETE').map(({ path }) => path)).toEqual([
      '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/old',
      '/api/v1/namespaces/default/configmaps/old',
      '/api/v1/namespaces/default/serviceaccounts/old',
    ]);
  });
});
