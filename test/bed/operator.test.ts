import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conditionIn, WukongBed } from '../testbed/wukong-bed.ts';

describe('the Wukong operator on a real API server, with its shipped role', () => {
  let bed: WukongBed;
  beforeAll(async () => {
    bed = await WukongBed.open();
  });
  afterAll(() => bed?.close());

  it('brings a machine with an empty disk to Running, Ready and with an address', async () => {
    await bed.make('press', { cpu: 1, memory: '128Mi', disks: [{ name: 'data', size: '64Mi' }] });

    const { status } = await bed.running('press');

    expect(status).toMatchObject({ phase: 'Running', vmName: 'press-vm', vmStatus: 'Running' });
    expect(status.networks[0]).toMatchObject({ name: 'default', ipAddress: expect.stringMatching(/^10\.42\./) });
    expect(status.volumes).toMatchObject([{ name: 'data', pvcName: 'press-data', bound: true, capacity: '64Mi' }]);
  });

  it('keeps quiet about a machine that runs', async () => {
    const since = (await bed.stage.site.plane.audit()).length;
    for (let count = 0; count < 10; count++)
      await bed.admin.patch(
        { apiVersion: 'vm.novasphere.dev/v1alpha1', kind: 'Wukong', namespace: 'default', name: 'press' },
        { metadata: { annotations: { note: String(count) } } },
      );
    await new Promise((resolve) => setTimeout(resolve, 2000));

    const sent = (await bed.asked(since)).filter(({ mutating, uri }) => mutating && !uri.includes('/leases'));
    expect(sent).toEqual([]);
  });

  it('stops, starts, pauses and lets go on', async () => {
    await bed.edit('press', { power: 'Off' });
    await bed.until('press', ({ status }) => status.phase === 'Stopped');
    await bed.edit('press', { power: 'On' });
    await bed.running('press');
    await bed.edit('press', { power: 'Paused' });
    const paused = await bed.until('press', (one) => conditionIn(one, 'Ready').startsWith('False VMPaused'));
    expect(paused.status.phase).toBe('Running');
    await bed.edit('press', { power: 'On' });
    await bed.running('press');
  });

  it('leaves nothing behind', async () => {
    await bed.remove('press');
    await bed.until('press', (one) => one === undefined);

    expect(await bed.machine('press')).toBeUndefined();
    expect((await bed.get('v1', 'PersistentVolumeClaim', 'press-data'))?.metadata.deletionTimestamp ?? 'gone').toBeDefined();
  });

  it('B22: asks for nothing that its role does not allow', async () => {
    const refused = (await bed.asked()).filter(({ code }) => code === 403);

    expect(refused.map(({ verb, uri }) => `${verb} ${uri}`)).toEqual([]);
  });
});
