import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import type { Site } from '#plan/plan';
import type { Inventory } from '#ports/facts';
import type { Stage } from '#ports/world';
import { defaultInventory } from '#simulation/host/default-inventory';
import { machineFrom } from '#simulation/host/machine-from';
import { SimulatedHost } from '#simulation/host/simulated-host';
import type { SimulatedMachine } from '#simulation/host/simulated-machine';
import { VirtualClock } from '#simulation/virtual-clock';
import { exampleSite } from '../verbs/site-on-paper.ts';
import { diskSpeedStep } from './disk-speed-step.ts';
import { machineStep } from './machine-step.ts';

interface Trial {
  readonly site: Site;
  readonly machine: SimulatedMachine;
  readonly stage: Stage;
}

async function trial(change: (facts: Inventory) => Partial<Inventory> = () => ({})): Promise<Trial> {
  const site = await exampleSite('single-node');
  const clock = new VirtualClock();
  const usual = defaultInventory(site.node, site.profile);
  const machine = machineFrom({ ...usual, ...change(usual) }, { clock });
  const absent = new Proxy({}, { get: () => () => Promise.reject(new Error('not needed')) });
  const stage = { host: new SimulatedHost(machine), now: () => clock.now(), intended: () => false };
  return { site, machine, stage: { ...stage, cluster: absent, bundle: absent } as unknown as Stage };
}

async function look({ site, stage }: Pick<Trial, 'site' | 'stage'>) {
  const finding = await machineStep(site).probe(stage);
  return finding.state === 'blocked' ? finding.fault : finding;
}

const screen = (fault: unknown) => {
  if (!(fault instanceof Fault)) throw new Error(`no fault: ${JSON.stringify(fault)}`);
  const { code, message, because, evidence, remedy } = fault.record();
  return [
    `${code} ${message}`,
    ...because.map((one) => `because ${one}`),
    ...evidence,
    ...remedy.map((one) => `try ${one}`),
  ];
};
const withSite = (one: Trial, change: (site: Site) => Site): Trial => ({ ...one, site: change(one.site) });
const withKubevirt = (emulation: 'auto' | 'never' | 'always') => (site: Site) => {
  const { components } = site.profile;
  return {
    ...site,
    profile: { ...site.profile, components: { ...components, kubevirt: { ...components.kubevirt, emulation } } },
  };
};

describe('the machine', () => {
  it('refuses a disk without room for images and etcd', async () => {
    const small = await trial(({ disks }) => ({ disks: disks.map((disk) => ({ ...disk, size: 12 * 2 ** 30 })) }));

    expect(screen(await look(small))).toMatchInlineSnapshot(`
      [
        "PREFLIGHT-DISK-SPACE only 2.5 GiB are free for /var/lib/rancher/k3s, at least 16 GiB are needed",
        "/var/lib lies on a filesystem of 11 GiB",
        "try make the system filesystem larger, or set cluster.k3s.dataDir to a directory on a larger disk",
      ]
    `);
  });

  it('is green when it fits the profile', async () => {
    expect(await look(await trial())).toEqual({ state: 'converged' });
  });

  it('shows a wrong cable, and where the cable is', async () => {
    const one = await trial();
    one.machine.troubles.noCarrier.add('3c:ec:ef:00:00:01');

    expect(screen(await look(one))).toMatchInlineSnapshot(`
      [
        "PREFLIGHT-LINK the management interface eno1 (3c:ec:ef:00:00:01) has no link",
        "because no cable is plugged in there, or the switch port is off",
        "eno2 (3c:ec:ef:00:00:02) has a link at 10000 Mbit/s; it becomes lan0",
        "try plug the network cable into eno1, then  ip link show eno1",
        "try if it is in eno2, which becomes lan0, move it from there",
      ]
    `);
  });

  it('only mentions that another interface has no link', async () => {
    const one = await trial();
    one.machine.troubles.noCarrier.add('3c:ec:ef:00:00:02');

    expect(await look(one)).toMatchObject({
      state: 'converged',
      notes: ['eno2 (3c:ec:ef:00:00:02), which becomes lan0, has no link'],
    });
  });

  it('tells all that is red at once, under the code of the first', async () => {
    const one = await trial((facts) => ({
      kernel: { ...facts.kernel, cgroup: 'v1', cmdline: 'quiet systemd.unified_cgroup_hierarchy=0' },
      memory: { ...facts.memory, total: 2 * 2 ** 30 },
    }));
    one.machine.troubles.noCarrier.add('3c:ec:ef:00:00:01');

    expect(screen(await look(one))).toMatchInlineSnapshot(`
      [
        "PREFLIGHT-MEMORY 3 checks of this machine are red",
        "PREFLIGHT-MEMORY  this machine has 2 GiB of memory, at least 4 GiB are needed",
        "PREFLIGHT-CGROUP  this machine runs cgroup v1, which the kubelet of Kubernetes 1.35 refuses",
        "  quiet systemd.unified_cgroup_hierarchy=0",
        "PREFLIGHT-LINK  the management interface eno1 (3c:ec:ef:00:00:01) has no link",
        "  eno2 (3c:ec:ef:00:00:02) has a link at 10000 Mbit/s; it becomes lan0",
        "try add memory; 16 GiB are a good start for VMs",
        "try remove systemd.unified_cgroup_hierarchy=0 from the kernel command line, update-grub, restart",
        "try plug the network cable into eno1, then  ip link show eno1",
      ]
    `);
  });

  it('lets VMs be emulated where the profile allows it, and says so', async () => {
    const one = await trial();
    one.machine.troubles.noVirtualisation = true;

    expect(await look(one)).toMatchObject({
      state: 'converged',
      notes: [expect.stringMatching(/ offers no virtualisation: VMs will be emulated, many times slower$/)],
    });
    expect(await look(withSite(one, withKubevirt('always')))).toEqual({ state: 'converged' });
  });

  it('refuses a processor without virtualisation where the profile forbids emulation', async () => {
    const one = await trial();
    one.machine.troubles.noVirtualisation = true;

    expect(screen(await look(withSite(one, withKubevirt('never'))))).toMatchInlineSnapshot(`
      [
        "PREFLIGHT-CPU Intel(R) Xeon(R) D-2752TER CPU @ 1.80GHz offers no virtualisation (neither vmx nor svm)",
        "because the firmware has it switched off",
        "[    0.092311] x86/cpu: VMX (outside TXT) disabled by BIOS",
        "try switch on Intel VT-x or AMD-V (SVM) in the firmware setup of this machine",
        "try or set components.kubevirt.emulation: auto, to run VMs slowly in software",
      ]
    `);
  });

  it('refuses another distribution', async () => {
    const one = await trial(() => ({ os: { id: 'debian', version: '13', name: 'Debian GNU/Linux 13 (trixie)' } }));

    expect(screen(await look(one))).toMatchInlineSnapshot(`
      [
        "PREFLIGHT-OS Debian GNU/Linux 13 (trixie) is not supported: Novasphere prepares Ubuntu Server 22.04, 24.04 and newer",
        "try install Ubuntu Server 24.04 on this machine",
      ]
    `);
  });

  it('refuses a data disk that holds something, before anything is touched', async () => {
    const one = await trial();
    const disk = (await exampleDisk(one)) ?? '';
    one.machine.soilDisk(disk, 'ext4', 'old-data');

    const fault = await look(one);

    expect(screen(fault)[0]).toMatch(/^DISK-NOT-BLANK the data disk .* is not blank$/);
    expect((fault as Fault).exitCode).toBe(6);
  });

  it('refuses a clock that has fallen back', async () => {
    const one = await trial();
    const years = 2 * 365 * 24 * 3_600_000;
    const clock = one.machine.clock as VirtualClock;
    clock.jump(-years);

    expect(screen(await look(one))).toMatchInlineSnapshot(`
      [
        "PREFLIGHT-CLOCK the clock says 2024-11-21, before this release was made",
        "because certificates made with a wrong clock are refused once it is right",
        "try date --set 'YYYY-MM-DD hh:mm:ss' && hwclock --systohc          sets the clock, also the one on the mainboard",
        "try change the battery of the mainboard          where the clock falls back at every start",
      ]
    `);
  });

  it('refuses a port that somebody else holds, and leaves those of k3s alone', async () => {
    const one = await trial();
    one.machine.listeners.push(
      { protocol: 'tcp', address: '0.0.0.0', port: 6443, process: 'haproxy' },
      { protocol: 'tcp', address: '*', port: 10250, process: 'k3s-server' },
      { protocol: 'udp', address: '0.0.0.0', port: 8472 },
    );

    expect(screen(await look(one))).toMatchInlineSnapshot(`
      [
        "PREFLIGHT-PORT port 6443/tcp is taken by haproxy, and k3s needs it",
        "try ss -ltnup 'sport = :6443'",
        "try stop haproxy and keep it from starting again",
      ]
    `);
  });

  it('refuses cluster networks that lie on the LAN', async () => {
    const one = await trial((facts) => ({
      nics: facts.nics.map((nic, at) => (at === 0 ? { ...nic, addresses: ['10.42.7.5/24'] } : nic)),
    }));

    expect(screen(await look(one))).toMatchInlineSnapshot(`
      [
        "PREFLIGHT-NETWORK cluster.k3s.clusterCidr 10.42.0.0/16 overlaps 10.42.7.5/24, the address of eno1",
        "because pods could not reach the LAN, nor the LAN this node; it cannot be changed after the installation",
        "try set cluster.k3s.clusterCidr to a network that this site does not use, such as 10.142.0.0/16",
      ]
    `);
  });

  it('refuses Docker, and libvirt with its AppArmor profile', async () => {
    const one = await trial();
    one.machine.packages.set('docker.io', { version: '27', status: 'installed' });
    one.machine.packages.set('libvirt-daemon-system', { version: '10', status: 'installed' });

    expect(screen(await look(one))).toMatchInlineSnapshot(`
      [
        "PREFLIGHT-RUNTIME 2 checks of this machine are red",
        "PREFLIGHT-RUNTIME  another container runtime is installed: docker.io",
        "PREFLIGHT-LIBVIRT  libvirt is installed: libvirt-daemon-system",
        "try apt-get purge docker.io",
        "try apt-get purge libvirt-daemon-system",
      ]
    `);
  });

  it('refuses to start without any default route', async () => {
    const one = await trial();
    const without = withSite(one, ({ profile, catalog, node }) => {
      const { gateway: _, ...management } = node.network.management;
      return { profile, catalog, node: { ...node, network: { ...node.network, management } } };
    });
    const { host } = one.stage;
    const ask = host.ask.bind(host);
    host.ask = async (words) =>
      words.join(' ') === 'ip -j route show default' ? { exitCode: 0, stdout: '[]', stderr: '' } : ask(words);

    expect(screen(await look(without))).toMatchInlineSnapshot(`
      [
        "PREFLIGHT-ROUTE there is no default route, and the profile names no gateway",
        "because k3s cannot find the address of its node without one, even where no internet is",
        "try set nodes[0].network.management.gateway to the router of the site, or to any address of its subnet",
      ]
    `);
  });
});

async function exampleDisk({ site, stage }: Trial): Promise<string | undefined> {
  const { readInventory } = await import('#facts/read-inventory');
  const { disks } = await readInventory(stage.host, stage.now());
  return disks.find((disk) => disk.wwn === site.node.disks.data?.match.wwn)?.path;
}

describe('the speed of the disk', () => {
  const act = { changes: [], signal: new AbortController().signal, waitFor: async () => [] };
  const record = '/var/lib/novasphere/fsync.json';
  const measuredAs = async (p99Milliseconds: number, boot?: string) => {
    const one = await trial();
    const text = { dataDir: '/var/lib/rancher/k3s', boot: boot ?? one.machine.bootId, p99Milliseconds };
    one.machine.files.put(record, JSON.stringify(text));
    return diskSpeedStep(one.site).probe(one.stage);
  };

  it('is measured once and kept', async () => {
    const { site, stage, machine } = await trial();
    const step = diskSpeedStep(site);

    const before = await step.probe(stage);
    await step.apply(stage, act);
    const after = await step.probe(stage);

    expect(before).toMatchObject({ state: 'drifted' });
    expect(after).toMatchObject({ state: 'converged' });
    expect(machine.files.read(record)).toContain('"dataDir":"/var/lib/rancher/k3s"');
  });

  it('is told when it is slow, and refused when it is unbearable', async () => {
    expect(await measuredAs(12)).toEqual({
      state: 'converged',
      notes: ['1 % of writes take more than 12 ms to be safe; etcd wants them within 10 ms'],
    });
    const bad = await measuredAs(80);
    expect(bad.state === 'blocked' && screen(bad.fault)).toMatchInlineSnapshot(`
      [
        "PREFLIGHT-DISK-SLOW 1 % of writes to the disk under /var/lib/rancher/k3s take more than 80 ms to be safe, at most 50 ms are bearable",
        "because etcd loses its leader over and over on such a disk, and the API server with it",
        "try set cluster.k3s.dataDir to a directory on an SSD or NVMe disk",
        "try rm /var/lib/novasphere/fsync.json          and run again, when something else was writing meanwhile",
      ]
    `);
  });

  it('is measured again after a restart, in case the disk has been changed', async () => {
    expect(await measuredAs(80, 'another boot')).toMatchObject({ state: 'drifted' });
  });
});
