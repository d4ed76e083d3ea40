import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#ports/cluster';
import { silentWebhook } from './fake-cluster.ts';
import { fakeStage } from './fake-stage.ts';
import { objectsApplied } from './objects-applied.ts';

const deployment = (replicas: number): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'longhorn-ui', namespace: 'longhorn-system' },
  spec: { replicas },
});
const definition: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'volumes.longhorn.io' },
  spec: { group: 'longhorn.io', names: { kind: 'Volume' }, versions: [{ name: 'v1beta2', served: true }] },
};
const custom: KubeObject = {
  apiVersion: 'longhorn.io/v1beta2',
  kind: 'Volume',
  metadata: { name: 'one', namespace: 'longhorn-system' },
};
const step = (...objects: readonly KubeObject[]) =>
  objectsApplied({ id: 'longhorn/install', title: 'Install Longhorn', component: 'longhorn', objects: () => objects });
const established = { status: { conditions: [{ type: 'Established', status: 'True' }] } };

describe('objects applied', () => {
  it('says of every missing object that it would be created', async () => {
    const stage = fakeStage();

    const found = await step(definition, custom, deployment(1)).probe(stage);

    expect(found).toEqual({
      state: 'drifted',
      changes: [
        { what: 'create Namespace novasphere-system' },
        { what: 'create ConfigMap novasphere-system/inventory-longhorn-install' },
        { what: 'create CustomResourceDefinition volumes.longhorn.io' },
        { what: 'create Volume longhorn-system/one' },
        { what: 'create Deployment longhorn-system/longhorn-ui' },
      ],
    });
  });

  it('tells beforehand what it applies, as it applies it', async () => {
    const stage = fakeStage();
    const [told] = (await step(deployment(1)).objects?.(stage)) ?? [];

    await step(deployment(1)).apply(stage, stage.act);

    expect([...stage.cluster.objects.values()].find(({ kind }) => kind === 'Deployment')).toMatchObject(
      told ?? { kind: 'nothing' },
    );
  });

  it('names the field that differs, with what it is and what it would be', async () => {
    const stage = fakeStage();
    await step(deployment(3)).apply(stage, stage.act);

    const found = await step(deployment(1)).probe(stage);

    expect(found).toEqual({
      state: 'drifted',
      changes: [{ what: 'update Deployment longhorn-system/longhorn-ui spec.replicas', from: '3', to: '1' }],
    });
  });

  it('applies definitions first and custom resources last, and waits for the kinds in between', async () => {
    const stage = fakeStage();
    stage.cluster.react = (object) => {
      if (object.kind === 'CustomResourceDefinition') stage.cluster.put({ ...object, ...established });
    };

    await step(custom, deployment(1), definition).apply(stage, stage.act);

    expect(stage.cluster.writes).toEqual([
      'apply Namespace novasphere-system',
      'apply ConfigMap inventory-longhorn-install',
      'apply CustomResourceDefinition volumes.longhorn.io',
      'apply Deployment longhorn-ui',
      'apply Volume one',
    ]);
    expect(stage.waited).toEqual(['the API server to serve the new kinds']);
  });

  it('is converged after it was applied, and a second time writes nothing', async () => {
    const stage = fakeStage();
    const wanted = step(deployment(1));
    await wanted.apply(stage, stage.act);
    stage.cluster.writes.length = 0;

    await wanted.apply(stage, stage.act);

    expect(await wanted.probe(stage)).toEqual({ state: 'converged' });
    expect(stage.cluster.writes).toEqual([]);
  });

  it('leaves the fields of others alone', async () => {
    const stage = fakeStage();
    stage.cluster.put({ ...deployment(1), spec: { replicas: 1, paused: true } });

    await step(deployment(1)).apply(stage, stage.act);

    expect((await stage.cluster.list({ apiVersion: 'apps/v1', kind: 'Deployment' }))[0]?.['spec'].paused).toBe(true);
  });

  it('labels what it applies, so that it can be found again', async () => {
    const stage = fakeStage();

    await step(deployment(1)).apply(stage, stage.act);

    const [live] = await stage.cluster.list({ apiVersion: 'apps/v1', kind: 'Deployment' });
    expect(live?.metadata.labels).toEqual({
      'app.kubernetes.io/managed-by': 'novasphere-installer',
      'novasphere.dev/component': 'longhorn',
    });
  });

  it('waits for an admission webhook that does not answer yet', async () => {
    const stage = fakeStage();
    let calls = 0;
    stage.cluster.admit = ({ kind }) => {
      if (kind === 'Volume' && calls++ === 0) throw silentWebhook('validator.longhorn.io');
    };

    await step(custom).apply(stage, stage.act);

    expect(stage.waited).toEqual(['the admission webhook of Volume longhorn-system/one to answer']);
    expect(stage.cluster.writes.at(-1)).toBe('apply Volume one');
  });

  it('does not call a cluster broken whose webhook is not back yet after a power cut', async () => {
    const stage = fakeStage();
    await step(custom).apply(stage, stage.act);
    stage.cluster.admit = ({ kind }) => {
      if (kind === 'Volume') throw silentWebhook('validator.longhorn.io');
    };

    const found = await step(custom).probe(stage);

    expect(found).toEqual({
      state: 'drifted',
      changes: [{ what: 'compare Volume longhorn-system/one', to: 'once its admission webhook answers' }],
    });
  });

  it('does not take for a change of its own what a controller writes while it looks', async () => {
    const stage = fakeStage();
    await step(deployment(1)).apply(stage, stage.act);
    const live = (await stage.cluster.list({ apiVersion: 'apps/v1', kind: 'Deployment' }))[0] as KubeObject;
    const at = (resourceVersion: string, annotations: Record<string, string>) => ({
      ...live,
      metadata: { ...live.metadata, resourceVersion, annotations },
    });
    stage.cluster.put(at('7', {}));
    const revision = { 'deployment.kubernetes.io/revision': '1' };
    stage.cluster.admit = ({ kind }) => {
      if (kind === 'Deployment') stage.cluster.put(at('8', revision));
    };

    expect(await step(deployment(1)).probe(stage)).toEqual({ state: 'converged' });
  });
});
