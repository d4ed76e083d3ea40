import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { PlatformRig } from '../platform-rig.ts';
import { kubevirtDouble } from './kubevirt-double.ts';
import { cirros, kubevirtObject, kubevirtOperator } from './kubevirt-manifests.ts';

const core = 'kubevirt.io/v1';
let rig: PlatformRig;

const machine = () => rig.get(core, 'VirtualMachine', 'sample', 'default');
const instance = () => rig.get(core, 'VirtualMachineInstance', 'sample', 'default');
const word = async () => (await machine())?.status?.printableStatus;
const condition = (object: Json, type: string) => object.status.conditions.find((one: Json) => one.type === type);

/** What virt-api answers to an order of virtctl: its status, and its words where it refuses. */
async function order(
  kind: 'virtualmachines' | 'virtualmachineinstances',
  verb: string,
  name = 'sample',
): Promise<string> {
  const path = `/apis/subresources.kubevirt.io/v1/namespaces/default/${kind}/${name}/${verb}`;
  const { status, body } = await rig.server.request({ method: 'PUT', path, body: {} });
  return status < 300 ? String(status) : `${status} ${(body as Json).message}`;
}

beforeEach(async () => {
  rig = new PlatformRig([kubevirtDouble()]);
  rig.start();
  for (const object of kubevirtOperator) await rig.create(object);
  await rig.clock.sleep(5000);
  await rig.create(kubevirtObject({ infra: { replicas: 1 } }));
  await rig.until(async () => (await rig.get(core, 'KubeVirt', 'kubevirt', 'kubevirt')).status?.phase === 'Deployed');
  await rig.clock.sleep(5000);
  await rig.create(cirros('sample'));
  await rig.until(async () => (await word()) === 'Running');
});
afterEach(() => rig.stop());

describe('virt-api', () => {
  it('pauses a running instance, which is told by instance, machine and pod, and lets it go on', async () => {
    expect(await order('virtualmachineinstances', 'pause')).toBe('202');
    await rig.until(async () => (await word()) === 'Paused');

    const paused = await instance();
    const [pod] = (await rig.list('v1', 'Pod')).filter(
      (one) => one.metadata.labels?.['kubevirt.io'] === 'virt-launcher',
    );
    expect(paused.status.phase).toBe('Running');
    expect(condition(paused, 'Paused')).toMatchObject({
      status: 'True',
      reason: 'PausedByUser',
      message: 'VMI was paused by user',
    });
    expect(condition(paused, 'Ready')).toMatchObject({ status: 'False', reason: 'ReadinessGatesNotReady' });
    expect(condition(await machine(), 'Paused')).toMatchObject({ status: 'True' });
    await rig.until(
      async () => condition(await rig.get('v1', 'Pod', pod.metadata.name, 'default'), gate).status === 'False',
    );

    expect(await order('virtualmachineinstances', 'unpause')).toBe('202');
    await rig.until(async () => (await word()) === 'Running');
    expect(condition(await instance(), 'Paused')).toBeUndefined();
    expect(condition(await instance(), 'Ready')).toMatchObject({ status: 'True' });
  });

  it('refuses by a conflict what does not fit the state', async () => {
    expect(await order('virtualmachineinstances', 'unpause')).toBe(
      `${of('virtualmachineinstance')}: VMI is not paused`,
    );
    expect(await order('virtualmachines', 'start')).toBe(`${of('virtualmachine')}: VM is already running`);
    await order('virtualmachineinstances', 'pause');
    await rig.until(async () => (await word()) === 'Paused');
    expect(await order('virtualmachineinstances', 'pause')).toBe(
      `${of('virtualmachineinstance')}: VMI is already paused`,
    );
    expect(await order('virtualmachines', 'stop')).toBe('202');
    await rig.until(async () => (await word()) === 'Stopped');
    expect(await order('virtualmachines', 'stop')).toBe(`${of('virtualmachine')}: VM is not running`);
    expect(await order('virtualmachineinstances', 'pause')).toBe(
      '404 virtualmachineinstance.kubevirt.io "sample" not found',
    );
    expect(await order('virtualmachines', 'start', 'other')).toBe('404 virtualmachine.kubevirt.io "other" not found');
  });

  it('makes a new instance where a restart is asked for', async () => {
    const before = (await instance()).metadata.uid;

    expect(await order('virtualmachines', 'restart')).toBe('202');
    await rig.until(async () => (await instance())?.metadata.uid !== before && (await word()) === 'Running');

    expect((await machine()).spec.runStrategy).toBe('Always');
  });
});

const gate = 'kubevirt.io/virtual-machine-unpaused';
const of = (kind: string) => `409 Operation cannot be fulfilled on ${kind}.kubevirt.io "sample"`;
