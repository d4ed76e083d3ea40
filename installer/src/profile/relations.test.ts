import { describe, expect, it } from 'vitest';
import { readProfile } from './load.ts';

const head = 'apiVersion: novasphere.dev/v1alpha1\nkind: Profile\nmetadata: {name: plant-7}\nnodes:\n';
const management = 'management: {match: {mac: 3c:ec:ef:00:00:01}, addresses: [10.7.0.10/24], gateway: 10.7.0.1}';

/** One node in lines 5 to 9: name, further keys, network, and further keys of the network. */
function single(network = management, keys = 'role: server', more = 'interfaces: []'): string {
  return `${head}  - name: a\n    ${keys}\n    network:\n      ${network}\n      ${more}\n`;
}

function nodes(...roles: readonly string[]): string {
  const list = roles.map((role, index) => {
    const mac = `3c:ec:ef:00:00:0${index + 1}`;
    return `  - {name: n${index}, role: ${role}, machine: {serial: S${index}}, network: {management: {match: {mac: ${mac}}, dhcp: true}}}\n`;
  });
  return `${head}${list.join('')}cluster: {k3s: {token: {fromEnv: TOKEN}}}\n`;
}

function told(text: string): readonly string[] {
  const reading = readProfile(text, 'p.yaml');
  const mistakes = [...(reading.isValid ? [] : reading.mistakes), ...reading.warnings];
  return mistakes.map(
    ({ severity, line, column, message, right }) =>
      `${severity === 'warning' ? 'warning ' : ''}${line}:${column} ${message} → ${right}`,
  );
}

describe('addresses', () => {
  it.each<[string, string, string[]]>([
    [
      'neither addresses nor dhcp',
      single('management: {match: {mac: 3c:ec:ef:00:00:01}}'),
      [
        '8:7 the management interface has neither addresses nor dhcp → write addresses: [10.7.0.10/24] and gateway: 10.7.0.1, or dhcp: true',
      ],
    ],
    [
      'dhcp and addresses',
      single('management: {match: {mac: 3c:ec:ef:00:00:01}, dhcp: true, addresses: [10.7.0.10/24]}'),
      ['8:65 “addresses” and dhcp: true (line 8) exclude each other → leave one of them out'],
    ],
    [
      'dhcp and a gateway',
      single('management: {match: {mac: 3c:ec:ef:00:00:01}, dhcp: true, gateway: 10.7.0.1}'),
      ['8:74 “gateway” and dhcp: true (line 8) exclude each other → leave one of them out'],
    ],
    [
      'no gateway',
      single('management: {match: {mac: 3c:ec:ef:00:00:01}, addresses: [10.7.0.10/24]}'),
      [
        '8:7 “gateway” is missing: k3s does not start on a machine without a default route → write gateway: with an address in 10.7.0.0/24; where there is no router, the address of any machine there will do',
      ],
    ],
    [
      'a gateway outside',
      single('management: {match: {mac: 3c:ec:ef:00:00:01}, addresses: [10.7.0.10/24], gateway: 10.8.0.1}'),
      ['8:89 the gateway 10.8.0.1 is outside of 10.7.0.0/24 (line 8) → write an address inside that network'],
    ],
    [
      'the node as its own gateway',
      single('management: {match: {mac: 3c:ec:ef:00:00:01}, addresses: [10.7.0.10/24], gateway: 10.7.0.10}'),
      ['8:89 the gateway 10.7.0.10 is the address of the node itself (line 8) → write the address of the router'],
    ],
    [
      'the address of a network',
      single('management: {match: {mac: 3c:ec:ef:00:00:01}, addresses: [10.7.0.0/24], gateway: 10.7.0.1}'),
      [
        '8:65 10.7.0.0 is the first or last address of 10.7.0.0/24, which belongs to nobody → write the address of this machine in that network',
      ],
    ],
    [
      'a loopback address',
      single('management: {match: {mac: 3c:ec:ef:00:00:01}, addresses: [127.0.0.1/8], gateway: 127.0.0.2}'),
      ['8:65 127.0.0.1 is not an address that a machine can have → write the address of this machine in its LAN'],
    ],
    [
      'an address twice',
      single(
        management,
        'role: server',
        'interfaces: [{match: {mac: 3c:ec:ef:00:00:02}, name: lan0, addresses: [10.7.0.10/24]}]',
      ),
      ['9:78 the address 10.7.0.10 is used twice; the first is in line 8 → give each interface its own address'],
    ],
    [
      'two interfaces in one network',
      single(
        management,
        'role: server',
        'interfaces: [{match: {mac: 3c:ec:ef:00:00:02}, name: lan0, addresses: [10.7.0.11/24]}]',
      ),
      [
        '9:78 10.7.0.0/24 of lan0 overlaps 10.7.0.0/24 of mgmt0 (line 8) → give each interface of a node a network of its own; packets would leave by the wrong one',
      ],
    ],
  ])('refuses %s', (_name, text, expected) => {
    expect(told(text)).toEqual(expected);
  });
});

describe('cluster networks', () => {
  it.each<[string, string, string[]]>([
    [
      'a pod network that overlaps the LAN',
      `${single()}cluster: {k3s: {clusterCidr: 10.0.0.0/8}}\n`,
      [
        '10:30 the pod network 10.0.0.0/8 overlaps the network 10.7.0.0/24 of mgmt0 (line 8) → choose a network that no machine on the LAN uses',
        '10:30 the pod network 10.0.0.0/8 overlaps the service network 10.43.0.0/16 (the default) → choose networks that have no address in common',
      ],
    ],
    [
      'a node inside the default pod network',
      single(management.replaceAll('10.7.', '10.42.')),
      [
        '8:65 the address 10.42.0.10 of mgmt0 is inside the pod network 10.42.0.0/16 (the default) → choose another pod network: cluster: {k3s: {clusterCidr: 172.30.0.0/16}}',
      ],
    ],
    [
      'a node inside the default service network',
      single(management.replaceAll('10.7.', '10.43.')),
      [
        '8:65 the address 10.43.0.10 of mgmt0 is inside the service network 10.43.0.0/16 (the default) → choose another service network: cluster: {k3s: {serviceCidr: 172.31.0.0/16}}',
      ],
    ],
    [
      'pod and service networks that overlap',
      `${single()}cluster: {k3s: {clusterCidr: 172.16.0.0/15, serviceCidr: 172.17.0.0/16}}\n`,
      [
        '10:58 the service network 172.17.0.0/16 overlaps the pod network 172.16.0.0/15 (line 10) → choose networks that have no address in common',
      ],
    ],
    [
      'a network that is an address',
      `${single()}cluster: {k3s: {clusterCidr: 172.16.3.1/16}}\n`,
      ['10:30 172.16.3.1/16 is an address inside a network, not the pod network itself → write 172.16.0.0/16'],
    ],
    [
      'a pod network that is too small',
      `${single()}cluster: {k3s: {clusterCidr: 172.16.0.0/26}}\n`,
      [
        '10:30 the pod network 172.16.0.0/26 is too small for a node: each node takes a /24 of it → write a larger network such as 10.42.0.0/16',
      ],
    ],
    [
      'a name server inside the service network',
      `${single()}host: {dns: {servers: [10.43.0.10]}}\n`,
      [
        '10:24 the name server 10.43.0.10 is inside the service network 10.43.0.0/16 (the default) → choose another network for the cluster, or the address of the name server in the LAN',
      ],
    ],
    [
      'a proxy that would be asked for the cluster',
      `${single()}host: {proxy: {http: "http://p:3128", noProxy: [.local, 10.0.0.0/9]}}\n`,
      [],
    ],
    [
      'a proxy without the networks of the site',
      `${single()}host: {proxy: {http: "http://p:3128", noProxy: [10.43.0.0/16]}}\n`,
      [
        '10:39 the proxy would be asked for what is inside the site: noProxy lacks 10.42.0.0/16, 10.7.0.0/24 → noProxy: [10.43.0.0/16, 10.42.0.0/16, 10.7.0.0/24, .svc, .cluster.local]',
      ],
    ],
  ])('%s', (_name, text, expected) => {
    expect(told(text)).toEqual(expected);
  });
});

describe('names, cards and bridges', () => {
  const lan = 'interfaces: [{match: {mac: 3c:ec:ef:00:00:02}, name: lan0, mtu: 1500}]';
  it.each<[string, string, string[]]>([
    [
      'a MAC address twice, whatever its case',
      single(management, 'role: server', 'interfaces: [{match: {mac: 3C:EC:EF:00:00:01}, name: lan0}]'),
      [
        '9:34 the MAC address 3c:ec:ef:00:00:01 is used twice; the first is in line 8 → each entry is one network card; look the addresses up with: novasphere inventory',
      ],
    ],
    [
      'an interface name twice',
      single(management, 'role: server', 'interfaces: [{match: {mac: 3c:ec:ef:00:00:02}, name: mgmt0}]'),
      [
        '9:60 the interface name mgmt0 is used twice; the first is the default → give each interface and bridge its own name',
      ],
    ],
    [
      'a bridge over a missing interface',
      single(management, 'role: server', 'bridges: [{name: br0, ports: [lan0]}]'),
      ['9:37 the node has no interface lan0 → add it under interfaces: {match: {mac: …}, name: lan0}'],
    ],
    [
      'a bridge over the management interface',
      single(management, 'role: server', 'bridges: [{name: br0, ports: [mgmt0]}]'),
      [
        '9:37 mgmt0 is the management interface (line 8): a bridge over it would take its address away and the node would drop off the network → give virtual machines a network card of their own under interfaces',
      ],
    ],
    [
      'a port in two bridges',
      single(
        management,
        'role: server',
        `${lan}\n      bridges: [{name: br0, ports: [lan0]}, {name: br1, ports: [lan0]}]`,
      ),
      ['10:65 lan0 is already a port of a bridge (line 10) → an interface can be in one bridge only'],
    ],
    [
      'a bridge over a bridge',
      single(
        management,
        'role: server',
        `${lan}\n      bridges: [{name: br0, ports: [lan0]}, {name: br1, ports: [br0]}]`,
      ),
      ['10:65 br0 is itself a bridge → its interfaces are lan0'],
    ],
    [
      'a bridge with larger packets than its port',
      single(management, 'role: server', `${lan}\n      bridges: [{name: br0, ports: [lan0], mtu: 9000}]`),
      [
        '10:49 the bridge br0 has mtu 9000, its port lan0 only 1500 (line 9) → write mtu: 9000 at lan0 as well, or mtu: 1500 here',
      ],
    ],
    [
      'a port with an address',
      single(
        management,
        'role: server',
        'interfaces: [{match: {mac: 3c:ec:ef:00:00:02}, name: lan0, addresses: [10.8.0.1/24]}]\n      bridges: [{name: br0, ports: [lan0]}]',
      ),
      ['9:66 lan0 is a port of the bridge br0 (line 10) and cannot have an address of its own → leave the address out'],
    ],
    [
      'a selector that fits every card',
      single('management: {match: {}, dhcp: true}'),
      ['8:20 an empty selector fits every network card → name the card by its mac; novasphere inventory lists them'],
    ],
  ])('refuses %s', (_name, text, expected) => {
    expect(told(text)).toEqual(expected);
  });
});

describe('disks', () => {
  it.each<[string, string, string[]]>([
    [
      'a selector that fits every disk',
      '{system: {match: {}}}',
      [
        '6:22 an empty selector fits every disk → name the disk by serial, wwn or byId; novasphere inventory lists them',
      ],
    ],
    [
      'wiping a system disk that is not named',
      '{system: {match: {model: X}, wipe: true}}',
      [
        '6:47 wipe: true needs a disk that is named exactly; the selector (line 6) could fit another one → add serial, wwn or byId to match; novasphere inventory shows them',
      ],
    ],
    [
      'formatting a blank data disk that is not named',
      '{data: {match: {minSize: 1Ti}, wipe: if-blank}}',
      [
        '6:49 wipe: if-blank needs a disk that is named exactly; the selector (line 6) could fit another one → add serial, wwn or byId to match; novasphere inventory shows them',
      ],
    ],
    [
      'one disk for both',
      '{system: {match: {serial: S1}}, data: {match: {serial: " S1".}}}'.replace('" S1".', 'S1, rotational: false'),
      [
        '6:51 the data disk is the system disk (line 6) → name another disk, or leave data out: then both share one disk',
      ],
    ],
    [
      'sizes the wrong way round',
      '{data: {match: {minSize: 2Ti, maxSize: 1Ti}}}',
      ['6:51 maxSize is below minSize (line 6) → no disk can fit; exchange the two'],
    ],
    [
      'a data disk at /',
      '{data: {match: {serial: S1}, mount: /}}',
      ['6:48 the data disk cannot be mounted at / → write /var/lib/longhorn'],
    ],
    [
      'a data disk inside the k3s state',
      '{data: {match: {serial: S1}, mount: /var/lib/rancher/k3s/storage}}',
      [
        '6:48 /var/lib/rancher/k3s/storage is inside /var/lib/rancher/k3s, where k3s keeps its state (the default) → write /var/lib/longhorn',
      ],
    ],
    [
      'a data disk over the system',
      '{data: {match: {serial: S1}, mount: /usr/local}}',
      ['6:48 /usr/local belongs to the operating system; a disk mounted there would hide it → write /var/lib/longhorn'],
    ],
    ['a disk that is never formatted and only described: allowed', '{data: {match: {minSize: 1Ti}, wipe: never}}', []],
  ])('%s', (_name, disks, expected) => {
    expect(told(single(management, `disks: ${disks}`))).toEqual(expected);
  });
});

describe('nodes', () => {
  it.each<[string, string, string[]]>([
    [
      'an agent alone',
      nodes('agent'),
      ['5:22 the only node is an agent: nothing would run the cluster → write role: server'],
    ],
    [
      'agents without a server',
      nodes('agent', 'agent'),
      ['5:22 no node is a server: nothing would run the cluster → write role: server'],
    ],
    [
      'two servers',
      nodes('server', 'server'),
      [
        '6:22 two servers cannot agree when one of them is gone: the cluster would stop with either → one server, or three; make the others agents',
      ],
    ],
    [
      'four servers',
      nodes('server', 'server', 'server', 'server'),
      ['warning 8:22 4 servers bear no more losses than 3 → make one of them an agent, or add one server'],
    ],
    ['one server with agents: allowed', nodes('server', 'agent', 'agent'), []],
    [
      'a node name twice',
      nodes('server', 'agent').replace('name: n1', 'name: n0'),
      ['6:12 the node name n0 is used twice; the first is in line 5 → give each node its own name'],
    ],
    [
      'a machine twice',
      nodes('server', 'agent').replace('serial: S1', 'serial: s0'),
      [
        '6:47 the machine serial s0 is used twice; the first is in line 5 → each node is one machine; dmidecode -s system-serial-number prints the serial',
      ],
    ],
    [
      'a node that does not say which machine it is',
      nodes('server', 'agent').replace(', machine: {serial: S1}', ''),
      [
        '6:5 with 2 nodes a machine has to know which one it is, and n1 does not say → add machine: {serial: …}; dmidecode -s system-serial-number prints it',
      ],
    ],
    [
      'no common token',
      nodes('server', 'agent').replace('token: {fromEnv: TOKEN}', ''),
      [
        '7:11 2 nodes need a common token to find together, and there is none → cluster: {k3s: {token: {fromFile: /etc/novasphere/secrets/k3s-token}}}, the same on every machine',
      ],
    ],
    [
      'more replicas than nodes',
      `${nodes('server', 'agent')}components: {longhorn: {replicas: 3}}\n`,
      ['8:35 3 replicas need 3 nodes, and there are 2: no volume would ever be healthy → write replicas: 2'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(told(text)).toEqual(expected);
  });
});

describe('settings and components', () => {
  it.each<[string, string, string[]]>([
    [
      'an unknown time zone',
      'host: {timezone: Asia/Shangai}',
      ['10:18 there is no time zone Asia/Shangai → did you mean Asia/Shanghai?'],
    ],
    [
      'a user who could never log in',
      'host: {users: [{name: x}]}',
      [
        '10:23 x has neither a password nor a key and could never log in → add authorizedKeys: [ssh-ed25519 …] or passwordHash: {fromFile: …}',
      ],
    ],
    [
      'hugepages counted in bytes',
      'host: {hugepages: {1Gi: 16777216}}',
      [
        '10:8 these hugepages are 16384 TiB of memory; the most that makes sense is 16 TiB → the numbers count pages, not bytes: 2Mi: 1024 is 2 GiB',
      ],
    ],
    [
      'static CPUs without reserved ones',
      'host: {cpuManager: {policy: static}}',
      ['10:8 “reserved” is missing: with policy static the system needs CPUs of its own → add reserved: 0-1'],
    ],
    [
      'reserved CPUs backwards',
      'host: {cpuManager: {policy: static, reserved: 3-1}}',
      ['10:47 the range 3-1 runs backwards → write 1-3'],
    ],
    [
      'a reserved CPU twice',
      'host: {cpuManager: {policy: static, reserved: "0-2,2"}}',
      ['10:47 CPU 2 is listed twice → list each CPU once'],
    ],
    [
      'a setting of the platform',
      'host: {sysctl: {net.ipv4.ip_forward: 0}}',
      ['10:38 net.ipv4.ip_forward is set by Novasphere itself: pods need forwarding → leave it out'],
    ],
    [
      'hugepages by sysctl',
      'host: {sysctl: {vm/nr_hugepages: 8}}',
      ['10:34 vm/nr_hugepages is set by Novasphere itself: write host.hugepages instead → leave it out'],
    ],
    [
      'a mirror for everything',
      'cluster: {registries: {mirrors: {"*": {endpoint: ["https://m"]}}}}',
      [
        '10:34 a mirror for * would stand for every registry, also for those that the bundle has brought along → name each registry: docker.io, quay.io, ghcr.io, registry.k8s.io',
      ],
    ],
    [
      'a mirror under the wrong name',
      'cluster: {registries: {mirrors: {index.docker.io: {endpoint: ["https://m"]}}}}',
      ['10:34 images are never asked for at index.docker.io → write docker.io'],
    ],
    [
      'a login that nobody asks',
      'cluster: {registries: {mirrors: {docker.io: {endpoint: ["https://m:5000"]}}, configs: {m: {}}}}',
      ['warning 10:88 no mirror asks m → a config is for the host that is really asked: docker.io, m:5000'],
    ],
    [
      'the proof of storage without storage',
      'components: {longhorn: {enabled: false}}',
      [
        '10:34 the proof of storage needs longhorn, which is switched off (line 10) → write verify: {storage: false}, or leave longhorn on',
      ],
    ],
    [
      'the proof of storage without cdi',
      'components: {cdi: {enabled: false}}\nverify: {storage: true}',
      [
        '11:19 the proof of storage needs cdi, which is switched off (line 10) → write verify: {storage: false}, or leave cdi on',
      ],
    ],
    [
      'no storage and no proof of it: allowed',
      'components: {longhorn: {enabled: false}}\nverify: {storage: false}',
      [],
    ],
    [
      'the operator without kubevirt',
      'components: {kubevirt: {enabled: false}}',
      [
        '10:34 the operator makes virtual machines with kubevirt, which is switched off (line 10) → write operator: {enabled: false} as well, or leave kubevirt on',
      ],
    ],
    [
      'a sample VM without kubevirt',
      'components: {kubevirt: {enabled: false}, operator: {enabled: false}}\nverify: {vm: {memory: 1Gi}}',
      ['11:10 no sample VM can boot with kubevirt switched off (line 10) → leave verify.vm out, or leave kubevirt on'],
    ],
  ])('%s', (_name, lines, expected) => {
    expect(told(`${single()}${lines}\n`)).toEqual(expected);
  });

  it('looks at what a node overrides as well, and without defaults in between', () => {
    const text = single(management, 'host: {timezone: Mars/Olympus, hugepages: {2Mi: 4}}');

    expect(told(text)).toEqual(['6:22 there is no time zone Mars/Olympus → timedatectl list-timezones lists them']);
  });
});

describe('bundles', () => {
  const key = 'RWQExampleOnlyPutYourOwnPublicKeyHere0000000000000000000';
  it.each<[string, string, string[]]>([
    ['a key that is trusted', `bundle: {trustedKeys: [${key}]}`, []],
    [
      'a key of something else',
      'bundle: {trustedKeys: [ssh-ed25519 AAAA]}',
      [
        '10:24 “ssh-ed25519 AAAA” is not a public key as minisign prints it: 56 characters that begin with RW → for example RWQExampleOnlyPutYourOwnPublicKeyHere0000000000000000000',
      ],
    ],
    [
      'a key twice',
      `bundle: {trustedKeys: [${key}, ${key}]}`,
      ['warning 10:82 this key is listed twice → remove one of them'],
    ],
    [
      'trust, and no need of it',
      `bundle: {trustedKeys: [${key}], allowUnsigned: true}`,
      [
        'warning 10:98 trusted keys protect nothing while bundles that nobody has signed are installed as well → write allowUnsigned: false, or leave it out',
      ],
    ],
  ])('%s', (_name, text, expected) => {
    expect(told(`${single()}${text}\n`)).toEqual(expected);
  });
});
