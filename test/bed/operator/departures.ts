import { describe, expect, it } from 'vitest';
import { conditionIn } from '../../testbed/wukong-bed.ts';
import { claims, data, instances, machines, root, type Suite, says, small } from './on-bed.ts';

const fillers = ['cdi.kubevirt.io/v1beta1', 'DataVolume'] as const;
const hold = 'example.com/backup';

export const departuresEnd: Suite = (given) =>
  describe('a Wukong that is deleted', () => {
    // One that is tried once more must not meet what was left the first time.
    let attempt = 0;
    it.for<[what: string, object: readonly [apiVersion: string, kind: string], suffix: string, message: string]>([
      ['stuck-machine', machines, 'vm', `VirtualMachine NAME-vm is on its way out, held by ${hold}`],
      ['stuck-instance', instances, 'vm', `VirtualMachineInstance NAME-vm is on its way out, held by ${hold}`],
      ['stuck-import', fillers, 'root', `the disk \`root\` is still being deleted, held by ${hold}`],
      ['stuck-claim', claims, 'data', `the disk \`data\` is still being deleted, held by ${hold}`],
    ])('names what holds it, and goes once that is let go: %s', async ([what, [version, kind], suffix, text]) => {
      const bed = given();
      const name = `${what}-${++attempt}`;
      const message = text.replace('NAME', name);
      await bed.make(name, { ...small, disks: [root, data] });
      await bed.running(name);
      const { finalizers = [] } = (await bed.get(version, kind, `${name}-${suffix}`)).metadata;
      await bed.patch(version, kind, `${name}-${suffix}`, { metadata: { finalizers: [...finalizers, hold] } });

      await bed.remove(name);
      const told = await bed.until(name, says('Ready', `False Deleting: ${message}`));
      expect(conditionIn(told, 'Ready')).toBe(`False Deleting: ${message}`);

      await bed.patch(version, kind, `${name}-${suffix}`, { metadata: { finalizers: [] } });
      await bed.until(name, (one) => one === undefined);
      expect(await bed.get(version, kind, `${name}-${suffix}`)).toBeUndefined();
    });
  });
