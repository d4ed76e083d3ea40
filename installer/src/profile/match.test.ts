import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Fault } from '#engine/fault';
import type { DiskFacts, Inventory, NicFacts } from '#ports/facts';
import { profileFor } from './init.ts';
import { loadInventory } from './inventory.ts';
import { loadProfile, readProfile } from './load.ts';
import { matchDisk, matchNic, matchProfile, nodeOf } from './match.ts';
import type { Profile } from './schema.ts';

const { profile } = loadProfile(
  readFileSync(new URL('../../../profiles/single-node.yaml', import.meta.url)),
  'single-node.yaml',
);

const sda: DiskFacts = {
  path: '/dev/sda',
  serial: 'S5XANX0N900123  ',
  wwn: '0x5002538e00000001',
  model: 'SAMSUNG MZ7L3480',
  byId: ['ata-SAMSUNG_S5XANX0N900123'],
  size: 480 * 2 ** 30,
  rotational: false,
  removable: false,
  readOnly: false,
  contents: ['gpt'],
  usedBy: ['/', '/boot/efi'],
};
const sdb: DiskFacts = {
  ...sda,
  path: '/dev/sdb',
  serial: 'S5XANX0N900124',
  wwn: 'naa.5002538F00000001',
  byId: [],
  size: 2 ** 41,
  contents: [],
  usedBy: [],
};
const stick: DiskFacts = {
  ...sdb,
  path: '/dev/sdc',
  serial: 'USB1',
  wwn: undefined,
  model: 'Stick',
  removable: true,
  size: 2 ** 34,
} as never;
const eno1: NicFacts = {
  name: 'eno1',
  mac: '3c:ec:ef:00:00:01',
  driver: 'igb',
  pci: '0000:3b:00.0',
  carrier: true,
  speed: 1000,
  mtu: 1500,
  addresses: ['10.7.0.10/24'],
  kind: 'physical',
};
const eno2: NicFacts = { ...eno1, name: 'eno2', mac: '3c:ec:ef:00:00:02', pci: '0000:3b:00.1', addresses: [] };
const bridge: NicFacts = {
  name: 'br-lan',
  mac: '3c:ec:ef:00:00:02',
  carrier: true,
  mtu: 1500,
  addresses: [],
  kind: 'virtual',
};

const machine: Inventory = {
  version: 1,
  hostname: 'plant',
  taken: '2026-01-01T00:00:00Z',
  machine: { serial: '7XK2M13' },
  firmware: 'uefi',
  cpu: { model: 'x', architecture: 'amd64', sockets: 1, cores: 8, threads: 16, virtualisation: 'vmx', numaNodes: 1 },
  memory: { total: 64 * 2 ** 30, hugepages: { '2Mi': 0, '1Gi': 0 } },
  kernel: { release: '6.8', cmdline: '', cgroup: 'v2' },
  os: { id: 'ubuntu', version: '24.04', name: 'Ubuntu' },
  disks: [sda, sdb, stick],
  nics: [eno1, eno2, bridge],
  modules: [],
  devices: { kvm: true, tun: true, vhostNet: true, iommuGroups: 12 },
  clock: { synchronized: true, timezone: 'Asia/Shanghai' },
  bootId: 'b',
};

function faultOf(picked: ReturnType<typeof matchDisk> | ReturnType<typeof matchNic>): Fault {
  if ('fault' in picked) return picked.fault;
  throw new Error('it picked one');
}

describe('a disk selector', () => {
  it.each([
    [{ serial: 'S5XANX0N900123' }, '/dev/sda'],
    [{ wwn: '5002538F00000001' }, '/dev/sdb'],
    [{ wwn: '0x5002538f00000001' }, '/dev/sdb'],
    [{ byId: '/dev/disk/by-id/ata-SAMSUNG_S5XANX0N900123' }, '/dev/sda'],
    [{ minSize: (2 ** 40) as never }, '/dev/sdb'],
    [{ serial: 'USB1' }, '/dev/sdc'],
  ])('%j picks %s', (match, path) => {
    expect(matchDisk(match, machine.disks)).toMatchObject({ chosen: { path } });
  });

  it('lists what was seen when nothing fits, and why not', () => {
    const fault = faultOf(matchDisk({ wwn: '0x5002538f' }, machine.disks));

    expect(fault.record()).toMatchInlineSnapshot(`
      {
        "because": [],
        "code": "MATCH-NONE",
        "evidence": [
          "/dev/sda (SAMSUNG MZ7L3480, 480 GiB, serial S5XANX0N900123): its wwn is 0x5002538e00000001, not 0x5002538f",
          "/dev/sdb (SAMSUNG MZ7L3480, 2 TiB, serial S5XANX0N900124): 0x5002538f is only the beginning of its wwn naa.5002538F00000001",
          "/dev/sdc (Stick, 16 GiB, serial USB1): it reports no wwn",
        ],
        "message": "no disk fits {wwn: 0x5002538f}",
        "remedy": [
          "novasphere match PROFILE          every device of this machine, and why it is not picked",
          "put the serial, wwn or byId of the right one into match, or plug it in",
        ],
        "where": [],
      }
    `);
  });

  it('lists the candidates when several fit, and what would tell them apart', () => {
    const fault = faultOf(matchDisk({ model: 'SAMSUNG MZ7L3480' }, machine.disks));

    expect(fault.record()).toMatchInlineSnapshot(`
      {
        "because": [],
        "code": "MATCH-AMBIGUOUS",
        "evidence": [
          "/dev/sda (SAMSUNG MZ7L3480, 480 GiB, serial S5XANX0N900123)",
          "/dev/sdb (SAMSUNG MZ7L3480, 2 TiB, serial S5XANX0N900124)",
        ],
        "message": "2 disks fit {model: SAMSUNG MZ7L3480}, and exactly one must",
        "remedy": [
          "pick one of them: match: {serial: S5XANX0N900123} (/dev/sda)",
          "pick one of them: match: {serial: S5XANX0N900124} (/dev/sdb)",
        ],
        "where": [],
      }
    `);
  });

  it('never picks a removable disk that is not named', () => {
    const fault = faultOf(matchDisk({ model: 'Stick' }, machine.disks));

    expect(fault.evidence.at(-1)).toBe(
      '/dev/sdc (Stick, 16 GiB, serial USB1): it is removable; only serial, wwn or byId can pick it',
    );
  });

  it('says so when one disk shows twice', () => {
    const fault = faultOf(matchDisk({ serial: 'S5XANX0N900123' }, [sda, { ...sda, path: '/dev/sdz' }]));

    expect(fault.cause).toBe(
      'they report the same serial number and WWN: one disk on two paths, or a controller that copies identities',
    );
    expect(fault.remedy).toEqual([
      'lsblk -o NAME,HCTL,TRAN,SIZE,MODEL,SERIAL,WWN          on which port each of them is',
      'unplug the second path, or one of the disks, then run the same command again',
    ]);
  });
});

describe('a network selector', () => {
  it('picks hardware, not the bridge that carries its MAC address', () => {
    expect(matchNic({ mac: eno2.mac as never }, machine.nics)).toEqual({ chosen: eno2 });
  });

  it('lists the candidates when several fit', () => {
    expect(faultOf(matchNic({ driver: 'igb' }, machine.nics)).record()).toMatchInlineSnapshot(`
      {
        "because": [],
        "code": "MATCH-AMBIGUOUS",
        "evidence": [
          "eno1 (3c:ec:ef:00:00:01, igb, link 1000 Mbit/s)",
          "eno2 (3c:ec:ef:00:00:02, igb, link 1000 Mbit/s)",
        ],
        "message": "2 network cards fit {driver: igb}, and exactly one must",
        "remedy": [
          "pick one of them: match: {mac: 3c:ec:ef:00:00:01} (eno1)",
          "pick one of them: match: {mac: 3c:ec:ef:00:00:02} (eno2)",
        ],
        "where": [],
      }
    `);
  });
});

describe('which node a machine is', () => {
  const two: Profile = {
    ...profile,
    nodes: [profile.nodes[0]!, { ...profile.nodes[0]!, name: 'plant-7-b', machine: { serial: 'OTHER' } }],
  };

  it('is told by its serial number, whatever its case', () => {
    expect(nodeOf(two, { machine: { serial: ' other ' } })).toMatchObject({ node: { name: 'plant-7-b' }, index: 1 });
  });

  it('is the only one when the machine tells nothing, with a warning', () => {
    expect(nodeOf(profile, { machine: {} })).toMatchObject({
      warnings: ['this machine does not tell its serial number or UUID; it is taken for plant-7-a'],
    });
  });

  it('is the one that is asked for, with a warning when the machine says otherwise', () => {
    expect(nodeOf(two, { machine: { serial: 'OTHER' } }, 'plant-7-a')).toMatchObject({
      index: 0,
      warnings: ['this machine (serial OTHER) is not the one that the profile names for plant-7-a'],
    });
  });

  it('is none of them when it is another machine', () => {
    const which = nodeOf(two, { machine: { serial: 'ZZZ' } });

    expect('fault' in which && which.fault.record()).toMatchInlineSnapshot(`
      {
        "because": [],
        "code": "MATCH-NONE",
        "evidence": [
          "plant-7-a is the machine with serial 7XK2M13",
          "plant-7-b is the machine with serial OTHER",
        ],
        "message": "this machine (serial ZZZ) is none of the profile's nodes",
        "remedy": [
          "if it is meant: machine: {serial: ZZZ} at its node",
          "or say which one it is: --node plant-7-a",
        ],
        "where": [],
      }
    `);
  });
});

describe('a profile on a machine', () => {
  it('fits', () => {
    const match = matchProfile(profile, machine);

    expect({ faults: match.faults, warnings: match.warnings }).toEqual({ faults: [], warnings: [] });
    expect(match.disks.map(({ role, chosen }) => [role, chosen?.path])).toEqual([
      ['system', '/dev/sda'],
      ['data', '/dev/sdb'],
    ]);
    expect(match.nics.map(({ name, chosen }) => [name, chosen?.name])).toEqual([
      ['mgmt0', 'eno1'],
      ['lan0', 'eno2'],
    ]);
    expect(match.disks[1]?.considered.map(({ fits, reasons }) => [fits, reasons.length])).toEqual([
      [false, 1],
      [true, 0],
      [false, 1],
    ]);
  });

  it('tells all that does not fit at once', () => {
    const other = {
      ...profile,
      host: {
        ...profile.host,
        iommu: true,
        hugepages: { '2Mi': 0, '1Gi': 63 },
        cpuManager: { policy: 'static' as const, reserved: '0-16' },
      },
    };
    const worse: Inventory = {
      ...machine,
      disks: [sda, { ...sdb, usedBy: ['/srv'], contents: ['ext4 "old"'] }],
      nics: [eno1, { ...eno2, carrier: false }],
      devices: { ...machine.devices, iommuGroups: 0 },
    };

    const match = matchProfile(other, worse);

    expect(match.faults.map(({ code, message, where }) => [code, message, ...where])).toMatchInlineSnapshot(`
      [
        [
          "DISK-IN-USE",
          "the data disk /dev/sdb (SAMSUNG MZ7L3480, 2 TiB, serial S5XANX0N900124) is in use: /srv",
          "nodes[0].disks.data",
        ],
        [
          "PREFLIGHT-MEMORY",
          "host.hugepages sets 63 GiB aside, and this machine has 64 GiB of which 2 GiB must stay free",
        ],
        [
          "PREFLIGHT-CPU",
          "host.cpuManager.reserved names CPU 16, and this machine has CPUs 0 to 15",
        ],
      ]
    `);
    expect(match.warnings).toMatchInlineSnapshot(`
      [
        "the data disk /dev/sdb holds ext4 "old"; with wipe: if-blank apply will not erase it",
        "lan0 is eno2 (3c:ec:ef:00:00:02, igb, no link): is its cable in?",
        "host.iommu is true and this machine shows no IOMMU groups yet: they come with the restart if VT-d or AMD-Vi is on in the firmware",
      ]
    `);
  });

  it('finds two selectors that pick one device', () => {
    const node = profile.nodes[0]!;
    const data = { ...node.disks.data!, match: { wwn: sda.wwn! } };
    const same = { ...profile, nodes: [{ ...node, disks: { ...node.disks, data } }] };

    const messages = matchProfile(same, machine).faults.map(({ message }) => message);

    expect(messages).toContain(
      'disks.system and disks.data both pick /dev/sda (SAMSUNG MZ7L3480, 480 GiB, serial S5XANX0N900123)',
    );
  });

  it('does not mind a data disk that is mounted where it belongs', () => {
    const mounted = { ...sdb, contents: ['ext4'], usedBy: ['/var/lib/longhorn', '/var/lib/kubelet/pods/x'] };

    expect(matchProfile(profile, { ...machine, disks: [sda, mounted] }).faults).toEqual([]);
  });
});

describe('an inventory file', () => {
  it('is read back as it was written', () => {
    expect(loadInventory(JSON.stringify(machine), 'i.json')).toEqual(JSON.parse(JSON.stringify(machine)));
  });

  it.each([
    ['{"version": 1,', 'i.json is not JSON', 'i.json:1:15'],
    ['{"version": 2}', "i.json has version 2 of the inventory's shape, and this release reads version 1", 'i.json'],
    ['[]', 'i.json is not an inventory: 1 of its values is not as they should be', 'i.json'],
  ])('%s is refused', (text, message, where) => {
    const act = () => loadInventory(text, 'i.json');

    expect(act).toThrow(expect.objectContaining({ code: 'INVENTORY-INVALID', message, where: [where] }));
  });

  it('names the value that is wrong', () => {
    const text = JSON.stringify({ ...machine, disks: [{ ...sda, size: 'large' }] });

    expect(() => loadInventory(text, 'i.json')).toThrow(
      expect.objectContaining({ evidence: ['disks[0].size: Invalid input: expected number, received string'] }),
    );
  });
});

describe('a profile written by init', () => {
  it.each<[string, Parameters<typeof profileFor>]>([
    ['with nothing but a name', [{ site: 'plant-7' }]],
    ['from an inventory', [{ site: 'plant-7' }, machine]],
    [
      'from answers',
      [
        {
          site: 'x1',
          node: '10',
          address: '10.7.0.10/24',
          gateway: '10.7.0.1',
          mac: '3c:ec:ef:00:00:09',
          timezone: 'Asia/Shanghai',
          keyboard: 'no',
          user: { name: 'admin', authorizedKey: 'ssh-ed25519 AAAAC3Nza me: # you' },
          emulation: 'always',
        },
      ],
    ],
    [
      'from a machine with odd names',
      [
        { site: 'x' },
        {
          ...machine,
          machine: { serial: '0123' },
          hostname: 'a\nb: c',
          disks: [
            { ...sda, serial: '0x10' },
            { ...sdb, serial: 'a: b #' },
          ],
        },
      ],
    ],
  ])('%s is valid', (_name, [answers, inventory]) => {
    const reading = readProfile(profileFor(answers, inventory), 'new.yaml');

    expect(reading.isValid ? [] : reading.mistakes).toEqual([]);
  });

  it('fits the machine that it was written from', () => {
    const { profile: own } = loadProfile(profileFor({ site: 'plant-7' }, machine), 'new.yaml');

    expect(matchProfile(own, machine).faults).toEqual([]);
  });

  it('explains itself', async () => {
    await expect(profileFor({ site: 'plant-7' }, machine)).toMatchFileSnapshot(
      '../../../test/golden/profile/init-from-inventory.yaml',
    );
    await expect(profileFor({ site: 'plant-7' })).toMatchFileSnapshot('../../../test/golden/profile/init.yaml');
  });

  it('has no password', () => {
    expect(profileFor({ site: 'plant-7' }, machine)).not.toMatch(/^[^#]*passw/m);
  });
});
