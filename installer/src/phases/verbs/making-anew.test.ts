import { describe, expect, it } from 'vitest';
import { describe as inWords } from '#engine/run-step';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import { simulatedStage } from '../../../../test/fixtures/simulated-stage.ts';
import { objectsApplied } from './objects-applied.ts';

// Every refusal here is the one of the (simulated) API server: nothing is made up about its wording.

const labels = { app: 'x' };
const pods = { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'x:1' }] } };

const storageClass = (copies: string): KubeObject => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: 'longhorn-vm' },
  provisioner: 'driver.longhorn.io',
  parameters: { numberOfReplicas: copies, ...(copies === '1' ? {} : { spread: 'true' }) },
});

const workload = (kind: 'Deployment' | 'DaemonSet', selector: object): KubeObject => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: 'manager', namespace: 'default' },
  spec: {
    selector: { matchLabels: selector },
    template: { ...pods, metadata: { labels: { ...labels, ...selector } } },
  },
});

const job = (image: string): KubeObject => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'prepare', namespace: 'default' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image }] } } },
});

const stateful = (more: object): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'store', namespace: 'default' },
  spec: { serviceName: 'store', selector: { matchLabels: labels }, template: pods, ...more },
});

const claim = (mode: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'default' },
  spec: { accessModes: [mode], resources: { requests: { storage: '1Gi' } } },
});

const definition = (scope: string): KubeObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope,
    names: { plural: 'things', kind: 'Thing' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
  },
});

function stageHere() {
  const { stage, act, ...here } = simulatedStage();
  const step = (object: KubeObject) =>
    objectsApplied({ id: 'longhorn/install', title: 'Install', component: 'longhorn', objects: () => [object] });
  const apply = (object: KubeObject) => step(object).apply(stage, act());
  const probe = async (object: KubeObject) => {
    const found = await step(object).probe(stage);
    if (found.state === 'drifted') return found.changes.map((change) => `${inWords(change)}${restarting(change)}`);
    return found.state === 'converged' ? [] : told(found.fault.record());
  };
  return { ...here, apply, probe };
}

const restarting = ({ restarts }: { readonly restarts?: string }) =>
  restarts === undefined ? '' : ` (restarts ${restarts})`;
const told = ({ code, message, evidence, remedy }: Json): readonly string[] => [code, message, ...evidence, ...remedy];

describe('an object whose fixed fields have to change', () => {
  it.each<readonly [string, KubeObject, KubeObject, readonly string[]]>([
    [
      'a StorageClass',
      storageClass('3'),
      storageClass('1'),
      [
        'make anew StorageClass longhorn-vm: volumes that are there keep what they were made with',
        'make anew StorageClass longhorn-vm parameters.numberOfReplicas: 3 → 1',
        'make anew StorageClass longhorn-vm parameters.spread: true → nothing',
      ],
    ],
    [
      'a Deployment',
      workload('Deployment', { app: 'x' }),
      workload('Deployment', { app: 'x', part: 'manager' }),
      [
        'make anew Deployment default/manager: its pods restart (restarts the pods of Deployment default/manager)',
        'make anew Deployment default/manager spec.selector.matchLabels.part: manager',
        'make anew Deployment default/manager spec.template.metadata.labels.part: manager',
      ],
    ],
    [
      'a Job',
      job('x:1'),
      job('x:2'),
      [
        'make anew Job default/prepare: it runs once more',
        'make anew Job default/prepare spec.template.spec.containers[0].image: x:1 → x:2',
      ],
    ],
    [
      'a StatefulSet without volumes',
      stateful({}),
      stateful({ serviceName: 'other' }),
      [
        'make anew StatefulSet default/store: its pods restart (restarts the pods of StatefulSet default/store)',
        'make anew StatefulSet default/store spec.serviceName: store → other',
      ],
    ],
    [
      'a definition of which there is no object',
      definition('Cluster'),
      definition('Namespaced'),
      [
        'make anew CustomResourceDefinition things.example.com: there is no object of its kind yet',
        'make anew CustomResourceDefinition things.example.com spec.scope: Cluster → Namespaced',
      ],
    ],
  ])('is made anew when it is %s, said as such, and so afterwards', async (_, before, wanted, changes) => {
    const { apply, probe, cluster } = stageHere();
    await apply(before);
    const { apiVersion, kind, metadata } = wanted;
    const place = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
    const uid = async () => (await cluster.get({ apiVersion, kind, name: metadata.name, ...place }))?.metadata.uid;
    const first = await uid();

    const planned = await probe(wanted);
    await apply(wanted);

    expect(planned).toEqual(changes);
    expect(await probe(wanted)).toEqual([]);
    expect([first, await uid()]).toEqual([expect.any(String), expect.not.stringMatching(first ?? '')]);
  });

  it('is refused when it is a claim, and says what would be lost', async () => {
    const { apply, probe, server } = stageHere();
    await apply(claim('ReadWriteOnce'));
    const { writes } = server;

    expect((await probe(claim('ReadWriteMany'))).join('\n')).toMatchInlineSnapshot(`
      "CLUSTER-IMMUTABLE
      Cannot apply PersistentVolumeClaim default/data: spec cannot be changed any more, and it cannot be made anew: the data of its volume would be lost
      spec.accessModes[0] is ReadWriteOnce; wanted is ReadWriteMany
      put the old value back into the profile
      kubectl get persistentvolumeclaim data --namespace default -o yaml          what it is now
      save what it holds, then kubectl delete persistentvolumeclaim data --namespace default, and run the same command again"
    `);
    await expect(apply(claim('ReadWriteMany'))).rejects.toMatchObject({ code: 'CLUSTER-IMMUTABLE' });
    expect(server.writes).toBe(writes);
  });

  it('is refused when it is a StatefulSet with volumes', async () => {
    const { apply, probe } = stageHere();
    const volumes = { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claim('ReadWriteOnce')['spec'] }] };
    await apply(stateful(volumes));

    expect((await probe(stateful({ ...volumes, serviceName: 'other' }))).join('\n')).toMatchInlineSnapshot(`
      "CLUSTER-IMMUTABLE
      Cannot apply StatefulSet default/store: spec cannot be changed any more, and it cannot be made anew: nobody would own the volumes of its pods any more
      spec.serviceName is store; wanted is other
      put the old value back into the profile
      kubectl get statefulset store --namespace default -o yaml          what it is now
      save what it holds, then kubectl delete statefulset store --namespace default, and run the same command again"
    `);
  });

  it('is refused when it is a definition of which there are objects, and names them', async () => {
    const { apply, probe, cluster, clock } = stageHere();
    await apply(definition('Cluster'));
    await clock.sleep(1000);
    for (const name of ['a', 'b', 'c', 'd'])
      await cluster.apply({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name } });

    expect((await probe(definition('Namespaced'))).join('\n')).toMatchInlineSnapshot(`
      "CLUSTER-IMMUTABLE
      Cannot apply CustomResourceDefinition things.example.com: spec.scope cannot be changed any more, and it cannot be made anew: it would take with it 4 Things: a, b, c and 1 more
      spec.scope is Cluster; wanted is Namespaced
      put the old value back into the profile
      kubectl get customresourcedefinition things.example.com -o yaml          what it is now
      save what it holds, then kubectl delete customresourcedefinition things.example.com, and run the same command again"
    `);
  });

  it('is refused when somebody else made it', async () => {
    const { cluster, probe } = stageHere();
    await cluster.apply(storageClass('3'));

    expect((await probe(storageClass('1'))).join('\n')).toMatchInlineSnapshot(`
      "CLUSTER-IMMUTABLE
      Cannot apply StorageClass longhorn-vm: parameters cannot be changed any more, and it cannot be made anew: it was not made by Novasphere
      metadata.labels is nothing; wanted is {"app.kubernetes.io/managed-by":"novasphere-installer","novasphere.dev/componen…
      parameters.numberOfReplicas is 3; wanted is 1
      parameters.spread is true; wanted is nothing
      put the old value back into the profile
      kubectl get storageclass longhorn-vm -o yaml          what it is now
      save what it holds, then kubectl delete storageclass longhorn-vm, and run the same command again"
    `);
  });
});
