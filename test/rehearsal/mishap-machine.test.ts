import { describe, expect, it } from 'vitest';
import { badDay, converged } from './bad-day.ts';

describe('a mishap of the machine', () => {
  it('power-cut@multus shows where the power went, and goes on from there', async () => {
    const day = await badDay('power-cut@multus');

    expect(day.screen).toMatchInlineSnapshot(`
      "POWER-LOST
      ✖ The power was cut
        the power was cut in the middle of “apply configmaps/inventory-multus-install
        in novasphere-system”
        where    host plant-7-a, step multus/install
        try      run the same command again: it looks at everything and goes on from
                 here
                 novasphere rehearse profiles/single-node.yaml --mishap power-cut@multus --resume
                   plays the next boot and that run
      "
    `);
    expect(day.exitCode).toBe(5);
    expect(day.seconds).toBeLessThan(1);
    expect(day.end).toEqual(converged);
  });

  it('disk-full names the file, its size, and the disk that has no room for it', async () => {
    const day = await badDay('disk-full');

    expect(day.screen).toMatchInlineSnapshot(`
      "HOST-DISK-FULL
      ✖ The disk is full
        cannot write /var/lib/novasphere/apt/bundle.list (49 B): the disk is full
        because  ENOSPC: no space left on device, write
        where    host plant-7-a, file /var/lib/novasphere/apt/bundle.list, step
                 host/packages
        seen     the filesystem under /var/lib/novasphere has 446.0 GiB, of which 0 B are free
        try      df -h /var/lib/novasphere
                 du -xhd1 /var | sort -h | tail          what takes the room
                 free some space there, then run the same command again
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(60);
    expect(day.end).toEqual(converged);
  });

  it('wrong-cable names the port that should have a link, and the one that has', async () => {
    const day = await badDay('wrong-cable');

    expect(day.screen).toMatchInlineSnapshot(`
      "PREFLIGHT-LINK
      ✖ A network interface has no link
        the management interface eno1 (3c:ec:ef:00:00:01) has no link
        because  no cable is plugged in there, or the switch port is off
        where    nodes[0].network.management, host plant-7-a, step preflight/machine
        seen     eno2 (3c:ec:ef:00:00:02) has a link at 10000 Mbit/s; it becomes lan0
        try      plug the network cable into eno1, then  ip link show eno1
                 if it is in eno2, which becomes lan0, move it from there
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(1);
    expect(day.end).toEqual(converged);
  });

  it('two-disks-match says that two disks which cannot be told apart may be one', async () => {
    const day = await badDay('two-disks-match');

    expect(day.screen).toMatchInlineSnapshot(`
      "MATCH-AMBIGUOUS
      ✖ More devices fit a selector than it expects
        2 disks fit {wwn: 0x5002538f00000001}, and exactly one must
        because  they report the same serial number and WWN: one disk on two paths, or
                 a controller that copies identities
        where    nodes[0].disks.data.match, host plant-7-a, step preflight/machine
        seen     /dev/sda (SAMSUNG MZ7L31T9HBLT, 931.3 GiB, serial 5F456D3E1A2F42)
                 /dev/sdb (SAMSUNG MZ7L31T9HBLT, 931.3 GiB, serial 5F456D3E1A2F42)
        try      lsblk -o NAME,HCTL,TRAN,SIZE,MODEL,SERIAL,WWN
                   on which port each of them is
                 unplug the second path, or one of the disks, then run the same
                 command again
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(1);
    expect(day.end).toEqual(converged);
  });

  it('no-disk-matches shows the disks that are there, and why none of them is meant', async () => {
    const day = await badDay('no-disk-matches');

    expect(day.screen).toMatchInlineSnapshot(`
      "MATCH-NONE
      ✖ No device fits a selector
        no disk fits {wwn: 0x5002538f00000001}
        where    nodes[0].disks.data.match, host plant-7-a, step preflight/machine
        seen     /dev/nvme0n1 (SAMSUNG MZVL2512HCJQ, 447.0 GiB, serial S5XANX0N900123): its wwn is eui.00253841a5d630c2, not 0x5002538f00000001
        try      novasphere match PROFILE
                   every device of this machine, and why it is not picked
                 put the serial, wwn or byId of the right one into match, or plug it
                 in
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(1);
    expect(day.end).toEqual(converged);
  });

  it('disk-not-blank leaves a disk alone that holds something, and says what', async () => {
    const day = await badDay('disk-not-blank');

    expect(day.screen).toMatchInlineSnapshot(`
      "DISK-NOT-BLANK
      ✖ The data disk holds something
        the data disk /dev/disk/by-id/wwn-0x5002538f00000001 (SAMSUNG MZ7L31T9HBLT,
        serial 5F456D3E1A2F42, wwn 0x5002538f00000001, 931.3 GiB) is not blank
        because  the profile says wipe: if-blank, and nothing is lost without consent
        where    host plant-7-a, step preflight/machine
        seen     it holds ext4 “old-data”
        try      lsblk -f /dev/disk/by-id/wwn-0x5002538f00000001
                 wipefs --all /dev/disk/by-id/wwn-0x5002538f00000001
                   when nothing on it is needed any more
                 or set disks.data.match to another disk
      "
    `);
    expect(day.exitCode).toBe(6);
    expect(day.seconds).toBeLessThan(1);
    expect(day.end).toEqual(converged);
  });

  it('no-virtualisation sends to the firmware where the profile wants no emulation', async () => {
    const day = await badDay('no-virtualisation', 'edge-hugepages');

    expect(day.screen).toMatchInlineSnapshot(`
      "PREFLIGHT-CPU
      ✖ The CPU cannot run virtual machines
        Intel(R) Xeon(R) D-2752TER CPU @ 1.80GHz offers no virtualisation (neither vmx
        nor svm)
        because  the firmware has it switched off
        where    host edge-12-a, step preflight/machine
        seen     [    0.092311] x86/cpu: VMX (outside TXT) disabled by BIOS
        try      switch on Intel VT-x or AMD-V (SVM) in the firmware setup of this
                 machine
                 or set components.kubevirt.emulation: auto, to run VMs slowly in
                 software
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(1);
    expect(day.end).toEqual(converged);
  });

  it('hugepages-fragmented counts the hugepages that could be had', async () => {
    const day = await badDay('hugepages-fragmented', 'edge-hugepages');

    expect(day.screen).toMatchInlineSnapshot(`
      "HOST-HUGEPAGES
      ✖ Memory is too fragmented for hugepages
        only 614 of 1024 hugepages of 2 MiB could be had
        because  the memory of the running system is too fragmented for more
        where    host edge-12-a, step host/hugepages
        seen     /etc/sysctl.d/91-novasphere-hugepages.conf asks for all 1024 at every start
        try      systemctl reboot
                   then run the same command again: at a start memory is still in one
                   piece
                 or set host.hugepages.2Mi in the profile to 614 or less
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(60);
    expect(day.end).toEqual(converged);
  });

  it('clock-jump says how far the clock was set back, and not that the API server is away', async () => {
    const day = await badDay('clock-jump');

    expect(day.screen).toMatchInlineSnapshot(`
      "PREFLIGHT-CLOCK
      ✖ The clock cannot be trusted
        the clock of this machine was set back by 2 years while the run was under way:
        it says 2024-11-21 hh:mm UTC
        because  by that clock the certificate of the API server is not valid yet
        where    host plant-7-a, step kubevirt/operator
        seen     this run began at 2026-11-21 hh:mm UTC by the same clock
        try      chronyc makestep
                   sets it by the time servers of the profile, at once
                 date --set 'YYYY-MM-DD hh:mm:ss' && hwclock --systohc
                   where no time server can be reached
                 then run the same command again; a clock that falls back at every
                 start wants a new battery
      "
    `);
    expect(day.exitCode).toBe(1);
    expect(day.seconds).toBeLessThan(1);
    expect(day.end).toEqual(converged);
  });
});

describe('a mishap of the bundle', () => {
  it('bundle-unsigned stops before anything is changed, and goes on once somebody has signed', async () => {
    const day = await badDay('bundle-unsigned');

    expect(day.screen).toMatchInlineSnapshot(`
      "BUNDLE-SIGNATURE
      ✖ Nobody who is trusted has signed the bundle
        nobody has signed the bundle
        because  whoever had it in his hands on the way here could have changed it,
                 and its index with it
        where    bundle rehearsed from small manifests of our own, host plant-7-a,
                 step preflight/bundle
        try      novasphere bundle sign rehearsed from small manifests of our own --key FILE
                   where the bundle was made, by whoever answers for it
                 set bundle.allowUnsigned: true in the profile
                   to install it all the same
      "
    `);
    expect(day.exitCode).toBe(6);
    expect(day.runs[0]?.changed).toBe(0);
    expect(day.end).toEqual(converged);
  });
});
