import { describe, expect, it } from 'vitest';
import { conditionIn } from '../../testbed/wukong-bed.ts';
import { claims, data, eventually, instances, nads, restart, type Suite, says, small } from './on-bed.ts';

const theirs = {
  apiVersion: 'k8s.cni.cncf.io/v1',
  kind: 'NetworkAttachmentDefinition',
  metadata: { namespace: 'default', name: 'theirs' },
  spec: { config: '{"cniVersion":"0.3.1","type":"bridge","bridge":"br-x","disableContainerInterface":true}' },
};
const more = { name: 'more', size: '64Mi' };
const floor = { name: 'floor', nadName: 'theirs' };
const lan = { name: 'lan', type: 'bridge', bridgeName: 'br-lan', vlanId: 7 };

export const changesAreCarriedOut: Suite = (given) =>
  describe('a machine that runs', () => {
    it('is Ready, and has an address and its disk', async () => {
      const bed = given();
      await bed.make('press', { ...small, disks: [data] });

      const { status } = await bed.running('press');

      expect(status).toMatchObject({ phase: 'Running', vmName: 'press-vm', vmStatus: 'Running' });
      expect(status.networks[0]).toMatchObject({ name: 'default', ipAddress: expect.stringMatching(/^10\.42\./) });
      expect(status.volumes).toMatchObject([{ name: 'data', pvcName: 'press-data', bound: true, capacity: '64Mi' }]);
    });

    it('stops, starts, pauses and goes on', async () => {
      const bed = given();
      await restart(bed, 'press');

      await bed.edit('press', { power: 'Paused' });
      const paused = await bed.until('press', says('Ready', 'False VMPaused'));
      expect(paused.status.phase).toBe('Running');

      await bed.edit('press', { power: 'On' });
      await bed.running('press');
    });

    it('B7: gets more room on a disk, and goes on running', async () => {
      const bed = given();
      await bed.make('room', { ...small, disks: [data] });
      await bed.running('room');
      const { uid } = (await bed.get(...instances, 'room-vm')).metadata;

      await bed.edit('room', { disks: [{ ...data, size: '128Mi' }] });

      const { status } = await bed.until('room', (one) => one.status.volumes[0].capacity === '128Mi');
      expect(status.volumes[0]).toMatchObject({ size: '128Mi', requested: '128Mi' });
      await bed.until('room', says('VolumesBound', 'True VolumesReady'));
      expect((await bed.get(...instances, 'room-vm')).metadata.uid).toBe(uid);
    });

    it('says when a disk cannot have more room, and what can be done', async () => {
      const bed = given();
      bed.stage.site.troubles.start('resize-fails', 'tight-data');
      await bed.make('tight', { ...small, disks: [data] });
      await bed.running('tight');

      await bed.edit('tight', { disks: [{ ...data, size: '128Mi' }] });

      const words = 'False Expanding: the disk `data` cannot grow to 128Mi: failed to expand pvc with: resize volume ';
      const stuck = await bed.until('tight', says('VolumesBound', words));
      expect(conditionIn(stuck, 'VolumesBound')).toMatch(
        / cannot schedule tight-data: insufficient storage; make room for it, or set its size back to anything from the 64Mi that it has$/,
      );
      bed.stage.site.troubles.end('resize-fails', 'tight-data');
    });

    it('has other processors and memory after a restart, and says that it waits for one', async () => {
      const bed = given();
      await bed.make('size', { ...small, disks: [data] });
      await bed.running('size');

      await bed.edit('size', { cpu: 2, memory: '128Mi' });
      const waits = await bed.until('size', ({ status }) => status.restartRequired === true);
      expect(conditionIn(waits, 'VMSynced')).toBe(
        'False RestartRequired: takes effect when the machine restarts: cpu, memory',
      );
      expect(conditionIn(waits, 'Ready')).toBe('True VMRunning: the machine runs');
      await restart(bed, 'size');

      await bed.until('size', says('VMSynced', 'True Applied'));
      const { spec } = await bed.get(...instances, 'size-vm');
      expect(spec.domain).toMatchObject({ cpu: { sockets: 2 }, memory: { guest: '128Mi' } });
    });

    it('gets a disk and networks, and loses them again', async () => {
      const bed = given();
      await bed.admin.apply(theirs);
      await bed.make('hot', { ...small, disks: [data] });
      await bed.running('hot');

      await bed.edit('hot', { disks: [data, more], networks: [{ name: 'default' }, floor, lan] });
      await bed.until(
        'hot',
        says('VMSynced', 'False RestartRequired: takes effect when the machine restarts: disks, networks'),
      );
      await restart(bed, 'hot');
      const with3 = (await bed.get(...instances, 'hot-vm')).spec;
      expect(with3.networks.map(({ name }: { name: string }) => name)).toEqual(['default', 'floor', 'lan']);
      expect(with3.volumes.map(({ name }: { name: string }) => name)).toEqual(['data', 'more']);

      await bed.edit('hot', { disks: [data], networks: [{ name: 'default' }] });
      await bed.until('hot', says('VMSynced', 'False RestartRequired'));
      // The instance still has it.
      expect((await bed.get(...claims, 'hot-more')).metadata.deletionTimestamp).toBeUndefined();
      await restart(bed, 'hot');

      await eventually('the disk is gone', async () => (await bed.get(...claims, 'hot-more')) === undefined);
      await eventually('its attachment is gone', async () => (await bed.get(...nads, 'hot-lan-nad')) === undefined);
      expect(await bed.get(...nads, 'theirs')).toBeDefined();
      await bed.until('hot', says('VMSynced', 'True Applied'));
    });

    it('B25: keeps its identity and its resource version however often it is looked at', async () => {
      const bed = given();
      const before = await bed.machine('size');
      const since = (await bed.stage.site.plane.audit()).length;
      for (let count = 0; count < 10; count++)
        await bed.patch('vm.novasphere.dev/v1alpha1', 'Wukong', 'size', {
          metadata: { annotations: { note: String(count) } },
        });
      // What comes after all of that has been seen to, so that has been too.
      await bed.edit('room', { cpu: 2 });
      await bed.until('room', says('VMSynced', 'False RestartRequired'));

      const after = await bed.machine('size');
      expect(after.metadata.resourceVersion).toBe(before.metadata.resourceVersion);
      expect(after.spec.template.spec.domain.firmware.uuid).toBe(before.spec.template.spec.domain.firmware.uuid);
      const written = (await bed.asked(since)).filter(({ mutating, uri }) => mutating && /\/size\b|size-/.test(uri));
      expect(written).toEqual([]);
    });
  });
