import { describe, expect, it } from 'vitest';
import { claims, data, eventually, type Suite, small } from './on-bed.ts';

const kind = ['vm.novasphere.dev/v1alpha1', 'WukongSnapshot'] as const;
const theirs = ['snapshot.kubevirt.io/v1beta1', 'VirtualMachineSnapshot'] as const;
const metadata = { namespace: 'default', name: 'evening' };

export const snapshotsAreTaken: Suite = (given) =>
  describe('a snapshot of a machine', () => {
    it('is taken of it, put back into it, and taken away again', async () => {
      const bed = given();
      await bed.make('film', { ...small, disks: [data] });
      await bed.running('film');
      const before = (await bed.get(...claims, 'film-data')).metadata.uid;

      await bed.admin.create({ apiVersion: kind[0], kind: kind[1], metadata, spec: { wukongName: 'film' } });
      await eventually('it is taken', async () => (await bed.get(...kind, 'evening')).status?.readyToUse === true);
      expect((await bed.get(...kind, 'evening')).status.phase).toBe('Succeeded');

      await bed.edit('film', { power: 'Off' });
      await bed.until('film', ({ status }) => status.phase === 'Stopped');
      await bed.edit('film', { restoreFromSnapshot: 'evening' });
      await bed.until('film', ({ status }) => status.restoredFromSnapshot === 'evening');
      await bed.edit('film', { power: 'On' });
      await bed.running('film');

      const after = await bed.get(...claims, 'film-data');
      expect(after.metadata.uid).not.toBe(before);
      expect(after.spec.dataSource).toMatchObject({ kind: 'VolumeSnapshot' });
      const { name } = metadata;
      await bed.admin.delete({ apiVersion: kind[0], kind: kind[1], namespace: 'default', name });
      await eventually('it is gone', async () => (await bed.get(...kind, name)) === undefined);
      const left = async () =>
        (await bed.admin.list({ apiVersion: theirs[0], kind: theirs[1], namespace: 'default' })).items;
      await eventually('KubeVirt’s is gone with it', async () => (await left()).length === 0);
      await bed.running('film');
    });
  });
