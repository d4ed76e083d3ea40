import { describe, expect, it } from 'vitest';
import { badDay, converged } from './bad-day.ts';

describe('a component that fails', () => {
  it('disk-changed says that the disk is another one, and how Longhorn takes it', async () => {
    const day = await badDay('disk-changed');

    expect(day.screen).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        the disk default-disk-c57fbbb4 of Longhorn on plant-7-a is not ready
        because  the disk was formatted or exchanged since Longhorn wrote its mark on
                 it; whatever replicas it held are gone
                 Disk default-disk-c57fbbb4(/var/lib/longhorn) on node plant-7-a is
                 not ready: record diskUUID doesn't match the one on the disk
        where    object nodes.longhorn.io plant-7-a, host plant-7-a, step
                 longhorn/disks
        seen     condition Ready is False (DiskFilesystemChanged) since 14 min
        try      kubectl -n longhorn-system get replicas.longhorn.io -o wide
                   first: which replicas lay on it
                 kubectl -n longhorn-system edit nodes.longhorn.io plant-7-a
                   set allowScheduling: false, then remove the disk from spec.disks
                 novasphere apply PROFILE --only longhorn          adds it again
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.end).toEqual(converged);
  });

  it('data-lost shows what the next pod found', async () => {
    const day = await badDay('data-lost');

    expect(day.screen).toMatchInlineSnapshot(`
      "STORAGE-FAILED
      ✖ A volume did not keep its data
        what was written to a volume is not there for the next pod
        because  cat: can't open '/data/trial': No such file or directory
        where    object PersistentVolumeClaim novasphere-system/trial-filesystem, host
                 plant-7-a, step longhorn/volume
        seen     cat: can't open '/data/trial': No such file or directory
        try      kubectl -n longhorn-system get volumes.longhorn.io
                   shows the state of every volume
                 kubectl -n longhorn-system logs -l app=longhorn-manager --tail=50
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.end).toEqual(converged);
  });

  it('policy-refused repeats what the node said', async () => {
    const day = await badDay('policy-refused');

    expect(day.screen).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        NMState could not apply a policy and has rolled it back
        because  FailedToConfigure: 1/1 nodes failed to configure
                 error reconciling NodeNetworkConfigurationPolicy on node plant-7-a at
                 desired state apply: "NmstateError: VerificationError: Verification
                 failure: nova-trial1.interface.state desire 'up', current 'down'"
        where    object NodeNetworkConfigurationPolicy novasphere-trial-up, host
                 plant-7-a, step nmstate/policy
        try      kubectl get nnce -o yaml  shows what happened on each node
                 systemctl status NetworkManager
                   on the node: NMState works through it
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.end).toEqual(converged);
  });

  it('qemu-denied names the profile of libvirt', async () => {
    const day = await badDay('qemu-denied');

    expect(day.screen).toMatchInlineSnapshot(`
      "POD-FAILING
      ✖ A pod keeps failing
        container virt-launcher of Pod kubevirt/virt-handler-xxxxx keeps failing
        (restarted 7 times)
        because  the AppArmor profile of libvirt on the host forbids QEMU
                 libvirt:  error : cannot execute binary /usr/libexec/qemu-kvm:
                 Permission denied
        where    object Pod kubevirt/virt-handler-xxxxx, host plant-7-a, step
                 kubevirt/platform
        seen     libvirt:  error : cannot execute binary /usr/libexec/qemu-kvm: Permission denied
        try      apt-get purge libvirt-daemon-system          on the machine
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.end).toEqual(converged);
  });

  it('device-denied names the setting of k3s', async () => {
    const day = await badDay('device-denied');

    expect(day.screen).toMatchInlineSnapshot(`
      "POD-FAILING
      ✖ A pod keeps failing
        container importer of Pod novasphere-system/importer-trial-blank-block keeps
        failing (restarted 6 times)
        because  containerd does not give devices to the user of a pod
                 Unable to process data: blockdev: cannot open /dev/cdi-block-volume:
                 Permission denied
        where    object Pod novasphere-system/importer-trial-blank-block, host
                 plant-7-a, step cdi/blank-disk
        seen     Unable to process data: blockdev: cannot open /dev/cdi-block-volume: Permission denied
        try      novasphere apply PROFILE --only k3s          sets nonroot-devices
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.end).toEqual(converged);
  });
});
