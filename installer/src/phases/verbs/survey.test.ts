import { beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '#ports/cluster';
import { simulatedStage } from '../../../../test/fixtures/simulated-stage.ts';
import { labelled } from './labelled.ts';
import { survey } from './survey.ts';

let here: ReturnType<typeof simulatedStage>;
beforeEach(() => {
  here = simulatedStage();
});

const settings = (name: string): KubeObject =>
  labelled(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data: { a: '1' } },
    'longhorn',
  );
const role = (name: string, namespace?: string): KubeObject =>
  labelled(
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
      rules: [],
    },
    'longhorn',
  );

const seen = async (...objects: readonly KubeObject[]) =>
  (await survey(objects, here.stage, 'longhorn')).map((live) => live?.metadata.name);
const looks = () => here.server.log.filter(({ path }) => /configmaps|things|clusterroles/.test(path)).length;

describe('a survey of many objects', () => {
  it('reads what bears the label of the component with one request a kind and namespace', async () => {
    const all = Array.from({ length: 20 }, (_, count) => settings(`settings-${count}`));
    for (const object of all) await here.cluster.apply(object);
    here.server.log.length = 0;

    expect(await seen(...all)).toEqual(all.map(({ metadata }) => metadata.name));
    expect(looks()).toBe(1);
  });

  it('asks by name for what the label does not bring, and finds what somebody else has made', async () => {
    await here.cluster.apply({ ...settings('foreign'), metadata: { name: 'foreign', namespace: 'default' } });
    await here.cluster.apply(settings('ours'));
    here.server.log.length = 0;

    expect(await seen(settings('ours'), settings('foreign'), settings('absent'))).toEqual([
      'ours',
      'foreign',
      undefined,
    ]);
    expect(looks()).toBe(3);
  });

  it('asks nothing more of a kind that is not served', async () => {
    const thing = (name: string): KubeObject => ({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name } });

    expect(await seen(thing('a'), thing('b'), thing('c'))).toEqual([undefined, undefined, undefined]);
    expect(looks()).toBe(0);
  });

  it('finds an object of the whole cluster for which a manifest names a namespace', async () => {
    await here.cluster.apply(role('reader'));
    await here.cluster.apply(role('writer'));

    expect(await seen(role('reader', 'longhorn-system'), role('writer', 'longhorn-system'))).toEqual([
      'reader',
      'writer',
    ]);
  });
});
