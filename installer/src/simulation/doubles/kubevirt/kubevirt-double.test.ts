import { afterEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { PlatformRig } from '../platform-rig.ts';
import { kubevirtDouble } from './kubevirt-double.ts';
import { cirros, kubevirtObject, kubevirtOperator } from './kubevirt-manifests.ts';

const core = 'kubevirt.io/v1';
let rig: PlatformRig;

async function installed(spec: Json = {}): Promise<PlatformRig> {
  rig = new PlatformRig([kubevirtDouble()]);
  rig.start();
  for (const object of kubevirtOperator) await rig.create(object);
  await rig.until(async () =>
    (await rig.list('apiextensions.k8s.io/v1', 'CustomResourceDefinition')).every((one) => one.status?.conditions),
  );
  await rig.create(kubevirtObject({ infra: { replicas: 1 }, ...spec }));
  return rig;
}

const phase = async () => (await rig.get(core, 'KubeVirt', 'kubevirt', 'kubevirt'))?.status?.phase;

afterEach(() => rig.stop());

describe('virt-operator', () => {
  it('ends Deployed, with versions and deployment ids equal', async () => {
    await installed();

    await rig.until(async () => (await phase()) === 'Deployed');

    const { status } = await rig.get(core, 'KubeVirt', 'kubevirt', 'kubevirt');
    expect(status.conditions.map((one: Json) => `${one.type}=${one.status} ${one.reason}`)).toEqual([
      'Available=True AllComponentsReady',
      'Progressing=False AllComponentsReady',
      'Degraded=False AllComponentsReady',
      'Created=True AllResourcesCreated',
    ]);
    expect(status.observedKubeVirtVersion).toBe('v1.8.4');
    expect(status.observedDeploymentID).toBe(status.targetDeploymentID);
  });
});
