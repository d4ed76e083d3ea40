import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GateTrials } from '../testbed/gate-trials.ts';

const before = ['longhorn', 'kubevirt', 'cdi', 'cert-manager', 'operator'];
const sample = 'verify/sample-vm';

describe('the end of the verification on a real API server', () => {
  let trials: GateTrials;
  beforeAll(async () => {
    trials = await GateTrials.open('verify', before, { profile: 'single-node' });
  });
  afterAll(() => trials.close());

  it('is not reached while a volume of the guest does not go', async () => {
    const { told, mended } = await trials.under('longhorn-volume-stays', /Volume \S+ is still there/);

    expect(told).toMatchInlineSnapshot(`
      "DELETION-STUCK
      ✖ Something was deleted and does not go
        the volume pvc-… of a trial does not go, though its claim has
        because  Longhorn has not removed what is behind it, or a node still holds it
        where    object PersistentVolume pvc-…, host plant-7-a, step verify/sample-vm
        try      kubectl -n longhorn-system get volumes.longhorn.io pvc-…
                   its state, and where it is attached
                 kubectl get volumeattachments          whether a node still holds it
                 kubectl -n longhorn-system logs -l app=csi-provisioner --tail 20
                   who removes it
      "
    `);
    expect(mended).toBe('done');
  });

  it.each([/the disks of the sample VM/, /a login prompt after its restart/])(
    'leaves nothing of a guest that was interrupted at %s',
    async (gate) => {
      expect(await trials.interrupted([sample], gate)).toEqual({
        outcome: 'interrupted',
        left: [],
        again: 'done',
        leftThen: [],
      });
    },
  );
});
