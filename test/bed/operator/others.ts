import { describe, expect, it } from 'vitest';
import { conditionIn } from '../../testbed/wukong-bed.ts';
import { data, eventually, instances, machines, type Suite, says, small } from './on-bed.ts';

export const othersAreRespected: Suite = (given) =>
  describe('what others do to a machine', () => {
    it('is left as it is and reported where they apply it themselves', async () => {
      const bed = given();
      await bed.make('shared', { ...small, disks: [data] });
      await bed.running('shared');

      await bed.stage.site.plane.transport('admin').request({
        method: 'PATCH',
        path: '/apis/kubevirt.io/v1/namespaces/default/virtualmachines/shared-vm',
        query: { fieldManager: 'argocd', force: 'true' },
        contentType: 'application/apply-patch+yaml',
        body: {
          apiVersion: 'kubevirt.io/v1',
          kind: 'VirtualMachine',
          metadata: { name: 'shared-vm' },
          spec: { runStrategy: 'Manual' },
        },
      });

      const told = await bed.until('shared', says('VMSynced', 'False FieldConflict'));
      expect(conditionIn(told, 'VMSynced')).toBe(
        'False FieldConflict: VirtualMachine shared-vm: fields that the Wukong decides have been applied by others: .spec.runStrategy by argocd; take them out of what is applied there',
      );
      expect((await bed.machine('shared')).spec.runStrategy).toBe('Manual');
    });

    it('is mended where they just edit it', async () => {
      const bed = given();
      await bed.make('edited', { ...small, disks: [data] });
      await bed.running('edited');

      await bed.patch(...machines, 'edited-vm', { spec: { runStrategy: 'Halted' } });

      await eventually('it is to run', async () => (await bed.machine('edited')).spec.runStrategy === 'Always');
      await bed.running('edited');
    });

    it('B5: does not last where they delete it', async () => {
      const bed = given();
      await bed.make('deleted', { ...small, disks: [data] });
      await bed.running('deleted');
      const { uid } = (await bed.machine('deleted')).metadata;

      await bed.admin.delete({
        apiVersion: 'kubevirt.io/v1',
        kind: 'VirtualMachine',
        namespace: 'default',
        name: 'deleted-vm',
      });

      await eventually(
        'there is another',
        async () => ![undefined, uid].includes((await bed.machine('deleted'))?.metadata.uid),
      );
      await eventually('it runs', async () => (await bed.get(...instances, 'deleted-vm'))?.status?.phase === 'Running');
      await bed.running('deleted');
    });
  });
