import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { PlatformRig } from '../platform-rig.ts';
import { kubevirtDouble } from './kubevirt-double.ts';
import { cirros, kubevirtObject, kubevirtOperator } from './kubevirt-manifests.ts';

const core = 'kubevirt.io/v1';
let rig: PlatformRig;

const machine = () => rig.get(core, 'VirtualMachine', 'sample', 'default');
const instance = () => rig.get(core, 'VirtualMachineInstance', 'sample', 'default');
const required = async () => (await machine()).status.conditions.find((one: Json) => one.type === 'RestartRequired');

async function change(object: Json, body: Json): Promise<void> {
  await rig.patch(object, body);
  await rig.clock.sleep(10_000);
}
const runs = () => rig.until(async () => (await machine())?.status?.printableStatus === 'Running');

beforeEach(async () => {
  rig = new PlatformRig([kubevirtDouble()]);
  rig.start();
  for (const object of kubevirtOperator) await rig.create(object);
  await rig.clock.sleep(5000);
  await rig.create(kubevirtObject({ infra: { replicas: 1 } }));
  await rig.until(async () => (await rig.get(core, 'KubeVirt', 'kubevirt', 'kubevirt')).status?.phase === 'Deployed');
  await rig.clock.sleep(5000);
  await rig.create(cirros('sample'));
  await runs();
});
afterEach(() => rig.stop());

describe('a machine that is changed while it runs', () => {
  it('requires a restart, until it has had one', async () => {
    expect(await required()).toBeUndefined();

    await change(await machine(), { spec: { template: { spec: { domain: { cpu: { sockets: 2 } } } } } });
    expect(await required()).toMatchObject({
      status: 'True',
      message: 'a non-live-updatable field was changed in the template spec',
    });

    await rig.remove(await instance());
    await rig.clock.sleep(10_000);
    await runs();
    await rig.clock.sleep(1000);
    expect(await required()).toBeUndefined();
    expect((await instance()).spec.domain.cpu.sockets).toBe(2);
  });

  it('starts without the NICs that are to be unplugged', async () => {
    const { interfaces } = (await machine()).spec.template.spec.domain.devices;
    const devices = { interfaces: interfaces.map((one: Json) => ({ ...one, state: 'absent' })) };
    await change(await machine(), { spec: { template: { spec: { domain: { devices } } } } });

    await rig.remove(await instance());
    await rig.clock.sleep(10_000);
    await runs();

    expect((await instance()).spec).toMatchObject({ domain: { devices: { interfaces: [] } }, networks: [] });
  });

  it('keeps its instance for as long as somebody else holds that', async () => {
    const { finalizers } = (await instance()).metadata;
    await change(await instance(), { metadata: { finalizers: [...finalizers, 'example.com/backup'] } });

    await rig.remove(await machine());
    await rig.clock.sleep(60_000);

    expect((await instance()).metadata.finalizers).toEqual(['example.com/backup']);
    expect(await machine()).toBeDefined();
    await change(await instance(), { metadata: { finalizers: [] } });
    expect(await machine()).toBeUndefined();
  });
});
