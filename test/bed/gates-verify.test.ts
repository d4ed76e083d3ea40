import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GateTrials } from '../testbed/gate-trials.ts';

const before = ['longhorn', 'kubevirt', 'cdi', 'cert-manager', 'operator'];
const sample = 'verify/sample-vm';

describe('the gates of the verification on a real API server', () => {
  let trials: GateTrials;
  beforeAll(async () => {
    trials = await GateTrials.open('verify', before);
  });
  afterAll(() => trials.close());

  it('are shut while the guest never prints its prompt', async () => {
    const { told, mended } = await trials.under('guest-silent', /still booting/);

    expect(told).toMatchInlineSnapshot();
    expect(mended).toBe('done');
  });

  it('are shut while the guest has no address', async () => {
    await trials.forget(sample);
    const { told, mended } = await trials.under('guest-without-address', /sees no address/);

    expect(told).toMatchInlineSnapshot();
    expect(mended).toBe('done');
  });

  it('are shut while the disk of the guest forgets', async () => {
    await trials.forget(sample);
    const { told, mended } = await trials.under('storage-forgets', /never/);

    expect(told).toMatchInlineSnapshot();
    expect(mended).toBe('done');
  });

  it('are shut while a volume of the guest does not go', async () => {
    await trials.forget(sample);
    const { told, mended } = await trials.under('longhorn-volume-stays', /is still there/);

    expect(told).toMatchInlineSnapshot();
    expect(mended).toBe('done');
  });

  it.each([/the disks of the sample VM/, /to print a login prompt/, /a pod to reach/])(
    'leave nothing of a guest that was interrupted at %s',
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
