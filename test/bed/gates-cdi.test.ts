import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { GateTrials } from '../testbed/gate-trials.ts';

const cdi = { apiVersion: 'cdi.kubevirt.io/v1beta1', kind: 'CDI', name: 'cdi' };

describe('the gates of CDI on a real API server', () => {
  let trials: GateTrials;
  beforeAll(async () => {
    trials = await GateTrials.open('cdi', ['longhorn']);
  });
  afterAll(() => trials.close());

  it('are shut while it does not know how to use the storage class', async () => {
    const { told, mended } = await trials.under('storage-profile-empty', /knows nothing of StorageClass/);

    expect(told).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        CDI does not know how to make disks on StorageClass longhorn
        because  its StorageProfile names no access mode: CDI has not looked at the
                 class, or does not know its driver
        where    object StorageProfile longhorn, host lab-vm, step cdi/platform
        try      kubectl get storageprofile longhorn -o yaml
                   what CDI knows of it
                 kubectl -n cdi logs deployment/cdi-deployment --tail 20
                   why it is no more
                 kubectl patch storageprofile longhorn --type merge -p '{"spec":{"claimPropertySets":[{"accessModes":["ReadWriteOnce"],"volumeMode":"Filesystem"}]}}'
                   tells it
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while the claim of a disk cannot be made', async () => {
    await trials.forget('cdi/blank-disk');
    const knowsNothing = async () => {
      const profile: Json = await trials.admin.get({ ...cdi, kind: 'StorageProfile', name: 'longhorn-vm' });
      return profile.status.claimPropertySets.length === 0;
    };
    const { told, mended } = await trials.under(
      ['storage-profile-empty', 'longhorn-vm'],
      /no accessMode/,
      knowsNothing,
    );

    expect(told).toMatchInlineSnapshot(`
      "STORAGE-FAILED
      ✖ A volume did not keep its data
        the disk novasphere-system/trial-blank-block is not made: it is Pending
        because  the disk names no storage class, and none is the default, or CDI does
                 not know what the class can do
                 no accessMode specified in StorageProfile longhorn-vm
        where    object DataVolume novasphere-system/trial-blank-block, host lab-vm,
                 step cdi/blank-disk
        seen     condition Bound is False (ErrClaimNotValid) since …
                 event ErrClaimNotValid, … ago
        try      kubectl patch storageclass longhorn -p '{"metadata":{"annotations":{"storageclass.kubernetes.io/is-default-class":"true"}}}'
                 kubectl get storageprofile -o yaml
                   what CDI knows of each class
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while pods may not open their devices', async () => {
    await trials.forget('cdi/blank-disk');
    const { told, mended } = await trials.under('block-device-denied', /keeps failing|Permission denied/);

    expect(told).toMatchInlineSnapshot(`
      "POD-FAILING
      ✖ A pod keeps failing
        container importer of Pod novasphere-system/importer-trial-blank-block keeps
        failing (restarted … times)
        because  containerd does not give devices to the user of a pod
                 Unable to process data: blockdev: cannot open /dev/cdi-block-volume:
                 Permission denied
        where    object Pod novasphere-system/importer-trial-blank-block, host lab-vm,
                 step cdi/blank-disk
        seen     Unable to process data: blockdev: cannot open /dev/cdi-block-volume: Permission denied
        try      novasphere apply PROFILE --only k3s          sets nonroot-devices
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while a newer CDI than that of the operator is deployed', async () => {
    const { status }: Json = await trials.admin.get(cdi);
    const { told, mended } = await trials.broken({
      reason: /is at v1\.99/,
      damage: () => trials.admin.patch(cdi, { status: { observedVersion: 'v1.99.0' } }),
      mend: () => trials.admin.patch(cdi, { status: { observedVersion: status.observedVersion } }),
    });

    expect(told).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        CDI v1.99.0 is deployed, and an operator v1.65.0 does not go back to an older
        one
        because  CDI never goes down: operator downgraded, will not reconcile
        where    object CDI cdi, host lab-vm, step cdi/platform
        try      novasphere apply PROFILE --only cdi --bundle DIR
                   with the bundle that brought CDI v1.99.0
                 kubectl -n cdi logs deployment/cdi-operator --tail 20
      "
    `);
    expect(mended).toBe('done');
  });

  it('leave nothing of disks that were interrupted', async () => {
    expect(await trials.interrupted(['cdi/blank-disk'], /two blank disks to be made/)).toEqual({
      outcome: 'interrupted',
      left: [],
      again: 'done',
      leftThen: [],
    });
  });
});
