import { describe, expect, it } from 'vitest';
import { planRestore } from './plan-restore.ts';
import { off, restore, seen, vm } from './restore-scene.ts';

const running = restore({ conditions: [{ type: 'Progressing', status: 'True', reason: 'Creating new PVCs' }] });

describe('a restore', () => {
  it('of somebody else holds disks and machine as well, whatever the Wukong says', () => {
    const foreign = { ...running, metadata: { name: 'by-hand', namespace: 'plant', uid: 'x' } };
    const { restoreFromSnapshot: _, ...spec } = off.spec;

    expect(planRestore({ ...off, spec }, seen({ restores: [foreign] })).hold).toBe(true);
    expect(planRestore({ ...off, spec }, seen({ vm: vm({ restoreInProgress: 'by-hand' }) })).hold).toBe(true);
  });

  it('of another machine holds nothing', () => {
    const spec = { ...running['spec'], target: { kind: 'VirtualMachine', name: 'press-4-vm' } };
    const { restoreFromSnapshot: _, ...without } = off.spec;

    expect(planRestore({ ...off, spec: without }, seen({ restores: [{ ...running, spec }] })).hold).toBe(false);
  });
});
