import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GateTrials } from '../testbed/gate-trials.ts';

const before = ['longhorn', 'kubevirt', 'cdi', 'cert-manager', 'operator'];

describe('the gates of the verification on a real API server', () => {
  let trials: GateTrials;
  beforeAll(async () => {
    trials = await GateTrials.open('verify', before, { profile: 'single-node' });
  });
  afterAll(() => trials.close());

  it('are shut while the guest never prints its prompt', async () => {
    const told = await trials.during('guest-silent', /still booting/);

    expect(told).toMatchInlineSnapshot(`
      "GUEST-SILENT
      ✖ The sample VM never printed a login prompt
        the sample VM runs, but did not print a login prompt within 10 min
        because  its console stopped at “Booting from Hard Disk...”
        where    object VirtualMachineInstance novasphere-verify/novasphere-sample-vm,
                 host plant-7-a, step verify/sample-vm
        seen     SeaBIOS (version 1.16.3-4.el9)
                 Booting from Hard Disk...
        try      kubectl -n novasphere-verify logs -l kubevirt.io=virt-launcher -c guest-console-log --tail 50
                   its console, until the next run
                 set verify.vm.timeout in the profile higher where guests run in
                 software emulation
      "
    `);
  });

  it('are shut while the guest has no address', async () => {
    const told = await trials.during('guest-without-address', /sees no address/);

    expect(told).toMatchInlineSnapshot(`
      "NETWORK-BROKEN
      ✖ Pods get no network
        the sample VM has booted, but KubeVirt sees no address of it
        because  virt-handler takes the address of its launcher pod, and has found
                 none in its network
        where    object VirtualMachineInstance novasphere-verify/novasphere-sample-vm,
                 host plant-7-a, step verify/sample-vm
        try      kubectl -n novasphere-verify get pods -o wide
                   whether its launcher has an address
                 kubectl -n kubevirt logs -l kubevirt.io=virt-handler --tail 50
      "
    `);
  });

  it('are shut while the disk of the guest forgets', async () => {
    const { told, mended } = await trials.under('storage-forgets', /never/);

    expect(told).toMatchInlineSnapshot(`
      "STORAGE-FAILED
      ✖ A volume did not keep its data
        the data disk of the sample VM counts boot 1, and it was boot 2
        because  what the guest wrote before its restart is not on the disk any more
        where    object PersistentVolumeClaim
                 novasphere-verify/novasphere-sample-data, host plant-7-a, step
                 verify/sample-vm
        seen     checking http://169.254.169.254/2009-04-04/instance-id
                 cloud-init: found datasource (nocloud, local)
                 novasphere-boot=1
                 login as 'cirros' user. default password: 'gocubsgo'. use 'sudo' for root.
                 novasphere-sample-vm login:
        try      kubectl -n longhorn-system get volumes.longhorn.io
                   shows the state of every volume
                 kubectl -n novasphere-verify logs -l kubevirt.io=virt-launcher -c guest-console-log --tail 50
                   its console, until the next run
      "
    `);
    expect(mended).toBe('done');
  });
});
