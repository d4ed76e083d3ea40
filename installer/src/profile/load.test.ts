import { describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import { explainMistakes } from './explain.ts';
import { loadProfile, readProfile } from './load.ts';
import { Secret } from './secret.ts';

const head = 'apiVersion: novasphere.dev/v1alpha1\nkind: Profile\nmetadata: {name: plant-7}\n';
const node = 'nodes:\n  - name: a\n    network: {management: {match: {mac: 3c:ec:ef:00:00:01}, dhcp: true}}\n';
const small = head + node;

/** Every mistake in a line: place, message, what would be right. */
function told(text: string | Uint8Array): readonly string[] {
  const reading = readProfile(text, 'p.yaml');
  const mistakes = reading.isValid ? [] : reading.mistakes;
  return mistakes.map(({ line, column, message, right }) => `${line}:${column} ${message} → ${right}`);
}

describe('YAML that is not what it seems', () => {
  it.each<[string, string | Uint8Array, string[]]>([
    ['an empty file', '', ['1:1 the file is empty → `novasphere init` writes a profile to start from']],
    ['a file of comments', '# nothing\n', ['1:1 the file is empty → `novasphere init` writes a profile to start from']],
    [
      'a file of 10 MB',
      `# ${'x'.repeat(10_000_000)}`,
      ['1:1 the file has 9.5 MiB; a profile has at most 1 MiB → give the profile itself, not an image or a log'],
    ],
    [
      'a word',
      'profile',
      [
        '1:1 “profile” stands where a mapping is wanted → keys: apiVersion, kind, metadata, nodes, bundle, host, cluster, components, verify, run',
      ],
    ],
    [
      'a list',
      `- ${head.split('\n')[0]}`,
      [
        '1:1 a list stands where a mapping is wanted → keys: apiVersion, kind, metadata, nodes, bundle, host, cluster, components, verify, run',
      ],
    ],
    ['a tab', `${head}nodes:\n\t- name: a\n`, ['5:1 a tab stands in the indentation → indent with spaces']],
    [
      'a tab after spaces',
      `${head}nodes:\n  - name: a\n  \trole: server\n`,
      ['6:3 a tab stands in the indentation → indent with spaces'],
    ],
    [
      'a NUL',
      `${small}host: {keyboard: "u\u0000s"}\n`,
      ['7:20 the invisible character U+0000 stands here (a binary file, or UTF-16 text?) → remove it'],
    ],
    ['an escape character', `${small}# \u001B[31m\n`, ['7:3 the invisible character U+001B stands here → remove it']],
    [
      'a byte that is no UTF-8',
      Uint8Array.from([...new TextEncoder().encode(`${head}# caf`), 0xe9, 0x0a]),
      ['4:6 the byte 0xE9 is not UTF-8 text → save the file as UTF-8 text'],
    ],
    [
      'UTF-16',
      Uint8Array.from([0xff, 0xfe, 0x61, 0x00]),
      ['1:1 the file is UTF-16 text → save the file as UTF-8 text'],
    ],
    [
      'a cut-off character',
      Uint8Array.from([0x61, 0x3a, 0x20, 0xe2, 0x82]),
      ['1:4 the byte 0xE2 is not UTF-8 text → save the file as UTF-8 text'],
    ],
    [
      'two documents',
      `${small}---\n${small}`,
      ['7:1 a second document begins here; a profile is one → put it into a file of its own'],
    ],
    [
      'deep nesting',
      `${head}nodes: ${'['.repeat(500)}`,
      ['4:39 nested deeper than 32 levels → a profile has at most eight levels'],
    ],
    [
      'a key twice',
      `${small}run: {concurrency: 1}\nhost: {}\nrun: {}\n`,
      ['9:1 “run” is written twice; the first is in line 7 → keep one of them'],
    ],
    [
      'an anchor and an alias',
      `${small}verify: &v {storage: true}\nrun: *v\n`,
      [
        '7:9 the anchor &v is not used in profiles: a reader should see each value where it stands → leave the anchor out and write the value out',
        '8:6 the alias *v is not used in profiles: a reader should see each value where it stands → write the value out',
      ],
    ],
    [
      'an alias bomb',
      `a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n`,
      expect.arrayContaining([
        '2:8 the alias *a is not used in profiles: a reader should see each value where it stands → write the value out',
      ]) as string[],
    ],
    [
      'a merge key',
      `${head}nodes:\n  - <<: {name: a}\n    role: server\n`,
      ['5:5 the merge key << is not part of YAML 1.2 and would be ignored → write the keys out'],
    ],
    [
      'a tag',
      `${small}host: {keyboard: !!str us}\n`,
      ['7:18 the tag !!str is not used in profiles → leave the tag out; put text into quotes'],
    ],
    [
      'a list as a key',
      `${small}host: {[a]: b}\n`,
      ['7:8 a list, a mapping or an alias stands where a key is expected → write the key as plain text'],
    ],
    [
      'a key without a name',
      `${small}host:\n  : x\n`,
      ['8:3 a key without a name stands here → write the key before the colon'],
    ],
    [
      'a number as a key',
      `${small}8080: x\n`,
      [
        '7:1 “8080” is not a key of the profile → keys here: apiVersion, kind, metadata, nodes, bundle, host, cluster, components, verify, run',
      ],
    ],
    [
      'the key __proto__',
      `${small}__proto__: {x: 1}\n`,
      [
        '7:1 “__proto__” is not a key of the profile → keys here: apiVersion, kind, metadata, nodes, bundle, host, cluster, components, verify, run',
      ],
    ],
    [
      'a typographic quote',
      `${small}host: {keyboard: “us”}\n`,
      ['7:18 the typographic quote “ stands here → type it anew with a plain " or a plain space'],
    ],
    [
      'a space that is none',
      `${small}host:\n  keyboard: us\u00A0\n`,
      [
        '8:15 the character U+00A0 stands here; it looks like a space but is none → type it anew with a plain " or a plain space',
      ],
    ],
    [
      'a wide colon',
      `${small}host:\n  keyboard： us\n  iommu: true\n`,
      ['8:11 the wide character ： stands here → type a plain colon and a space'],
    ],
    [
      'a second colon',
      `${small}host:\n  keyboard: us: x\n`,
      ['8:15 there is a second colon in this line → put the value into quotes, or each key into a line of its own'],
    ],
    ['a bare @', `${small}host:\n  keyboard: @us\n`, ['8:13 a value cannot begin with @ → put the value into quotes']],
    [
      'an open brace',
      `${small}host: {keyboard: us\nrun: {}\n`,
      ['7:7 “{” is opened here and never closed → close it with }'],
    ],
    [
      'an open quote',
      `${small}host: {keyboard: "us}\n`,
      ['7:18 the quote " is opened here and never closed → close it in the same line'],
    ],
  ])('%s', (_name, text, expected) => {
    expect(told(text)).toEqual(expected);
  });

  it('accepts a byte order mark and Windows line ends, with the right places', () => {
    const windows = `\uFEFF${small}run: {concurency: 1}\n`.replaceAll('\n', '\r\n');

    expect(readProfile(`\uFEFF${small}`.replaceAll('\n', '\r\n'), 'p.yaml').isValid).toBe(true);
    expect(told(windows)).toEqual(['7:7 “concurency” is not a key of run → did you mean “concurrency”?']);
    expect(told(new TextEncoder().encode(windows))).toEqual(told(windows));
  });
});

describe('values that YAML reads as something else', () => {
  it('takes numbers as they are written where text is wanted', () => {
    const disks =
      '    machine: {serial: 0123}\n    disks:\n      system: {match: {serial: 12345678901234567890, model: 1e5}}\n      data: {match: {wwn: 0x5002538f00000001}, wipe: if-blank}\n';

    const { profile } = loadProfile(head + node + disks, 'p.yaml');

    expect(profile.nodes[0]?.machine?.serial).toBe('0123');
    expect(profile.nodes[0]?.disks.system?.match).toEqual({ serial: '12345678901234567890', model: '1e5' });
    expect(profile.nodes[0]?.disks.data?.match).toEqual({ wwn: '0x5002538f00000001' });
  });

  it('leaves dates and sexagesimal numbers alone', () => {
    const { profile } = loadProfile(
      `${head}nodes:\n  - name: 2026-01-01\n    network: {management: {match: {mac: 12:34:56:10:20:30}, dhcp: true}}\n`,
      'p.yaml',
    );

    expect(profile.nodes[0]?.name).toBe('2026-01-01');
    expect(profile.nodes[0]?.network.management.match.mac).toBe('12:34:56:10:20:30');
  });

  it.each([
    ['yes', 'host: {iommu: yes}', '7:15 “yes” is neither true nor false → write true'],
    ['off', 'host: {iommu: off}', '7:15 “off” is neither true nor false → write false'],
    [
      '0755',
      'host: {hugepages: {2Mi: 0755}}',
      '7:25 “0755” can be read as 755 or, as octal, as 493 → write 755 or 493',
    ],
    ['0800', 'host: {hugepages: {2Mi: 0800}}', '7:25 “0800” begins with a zero → write 800'],
    [
      '010 in sysctl',
      'host: {sysctl: {vm.swappiness: 010}}',
      '7:32 “010” is not a value without leading zeros → for example 10',
    ],
    ['a number in quotes', 'run: {concurrency: "2"}', '7:20 “2” is text → write 2 without quotes'],
    ['half a page', 'host: {hugepages: {2Mi: 1.5}}', '7:25 1.5 is not a whole number → for example 1024'],
    ['infinity', 'host: {hugepages: {2Mi: .inf}}', '7:25 Infinity is not a whole number → for example 1024'],
    [
      'true as a name',
      'host: {keyboard: true}',
      '7:18 “true” stands where text is wanted → put it into quotes: "true"',
    ],
    [
      'nothing',
      'host:',
      '7:1 “host” has no value → keys: timezone, keyboard, users, dns, ntp, proxy, hugepages, cpuManager, iommu, modules, sysctl; or leave the key out if it is not needed',
    ],
    [
      'one item instead of a list',
      'host: {modules: vfio_pci}',
      '7:17 “vfio_pci” stands where a list is wanted → write [vfio_pci]',
    ],
    [
      'a list instead of a mapping',
      'host: [a]',
      '7:7 a list stands where a mapping is wanted → keys: timezone, keyboard, users, dns, ntp, proxy, hugepages, cpuManager, iommu, modules, sysctl',
    ],
  ])('%s', (_name, line, expected) => {
    expect(told(`${small}${line}\n`)).toEqual([expected]);
  });
});

describe('what would be right', () => {
  it.each([
    ['verify: {vm: {timeout: 10}}', '7:24 written as 10 but needs a unit → 10s, 10m or 10h'],
    ['verify: {vm: {timeout: 10min}}', '7:24 “10min” has a unit that is not known here → 10m'],
    [
      'verify: {vm: {timeout: 1d}}',
      '7:24 “1d” has a unit that is not known here → the units are s, m and h: 90s, 10m, 2h',
    ],
    ['verify: {vm: {memory: 128}}', '7:23 written as 128 but needs a unit → 128Mi or 128Gi'],
    ['verify: {vm: {memory: 128MB}}', '7:23 “128MB” has a unit that is not known here → 128Mi'],
    [
      'host: {dns: {servers: [10.0.0.999]}}',
      '7:24 “10.0.0.999” is not an IPv4 address such as 10.7.0.1 → for example 10.7.0.2',
    ],
    [
      'cluster: {k3s: {clusterCidr: 10.42.0.0}}',
      '7:30 “10.42.0.0” is not an IPv4 address with its prefix length, such as 10.7.0.10/24 → did you mean 10.42.0.0/24?',
    ],
    [
      'components: {kubevirt: {emulation: alway}}',
      '7:36 “alway” is none of auto, never, always → did you mean always?',
    ],
    ['components: {longhorn: {replicas: 5}}', '7:35 5 is too large → at most 3; for example 1'],
    [
      'cluster: {k3s: {token: abc}}',
      '7:24 a secret is not written into the profile itself → token: {fromFile: PATH} or token: {fromEnv: NAME}',
    ],
    [
      'cluster: {k3s: {token: {fromFil: x}}}',
      '7:25 “fromFil” is not a key of cluster.k3s.token → did you mean “fromFile”?',
    ],
    [
      'cluster: {k3s: {token: {fromFile: ""}}}',
      '7:35 the text is empty; it should be one line of text → for example /etc/novasphere/secrets/k3s-token',
    ],
    [
      'host: {users: [{name: x, passwordHash: hunter2}]}',
      '7:40 this is not a crypt(3) hash such as $6$… → `openssl passwd -6` makes one; or write {fromFile: PATH} or {fromEnv: NAME}',
    ],
    [
      'cluster: {hugepages: {2Mi: 3}}',
      '7:11 “hugepages” is not a key of cluster → “hugepages” belongs in nodes[].host or host; keys here: k3s, registries',
    ],
    [
      'cluster: {registries: {mirrors: {"x y": {endpoint: ["https://a"]}}}}',
      '7:34 “x y” is not a registry such as docker.io → write the name as it is known there',
    ],
    [
      'cluster: {registries: {mirrors: {docker.io: {endpoint: []}}}}',
      '7:56 “endpoint” is an empty list → for example [https://registry.plant7.example:5000]',
    ],
    [
      'run: {onSuccess: {webhook: plant7.example/done}}',
      '7:28 “plant7.example/done” is not a URL that starts with http:// or https:// → did you mean https://plant7.example/done?',
    ],
  ])('%s', (line, expected) => {
    expect(told(`${small}${line}\n`)).toEqual([expected]);
  });
});

describe('all mistakes at once', () => {
  const text = `${head}nodes:
  - name: Plant_7
    disks:
      data: {match: {minSize: 4G}, wipe: if-blnk, mont: /x}
    network:
      management: {match: {mac: 3C-EC-EF-00-00-01}, addresses: [10.42.0.10/24], gateway: 10.7.0.999}
      bridges: [{name: br0, ports: [lan9]}]
host: {timezone: Asia/Shangai, hugepage: {}}
run: &r {}
`;

  it('finds values, relations and YAML traps together, in file order', () => {
    expect(told(text)).toMatchInlineSnapshot(`
      [
        "5:11 “Plant_7” is not a name of lower-case letters, digits and hyphens → did you mean plant-7?",
        "7:31 “4G” has a unit that is not known here → 4Gi",
        "7:42 “if-blnk” is none of if-blank, never, true → did you mean if-blank?",
        "7:51 “mont” is not a key of nodes[0].disks.data → did you mean “mount”?",
        "9:33 “3C-EC-EF-00-00-01” is not a MAC address such as 3c:ec:ef:00:00:01 → did you mean 3c:ec:ef:00:00:01?",
        "9:65 the address 10.42.0.10 of mgmt0 is inside the pod network 10.42.0.0/16 (the default) → choose another pod network: cluster: {k3s: {clusterCidr: 172.30.0.0/16}}",
        "9:90 “10.7.0.999” is not an IPv4 address such as 10.7.0.1 → for example 10.7.0.1",
        "10:37 the node has no interface lan9 → add it under interfaces: {match: {mac: …}, name: lan9}",
        "11:18 there is no time zone Asia/Shangai → did you mean Asia/Shanghai?",
        "11:32 “hugepage” is not a key of host → did you mean “hugepages”?",
        "12:6 the anchor &r is not used in profiles: a reader should see each value where it stands → leave the anchor out and write the value out",
      ]
    `);
  });

  it('does not complain of what is only a consequence', () => {
    const broken = `${head}nodes:\n  - name: a\n    network: {management: {match: {mac: x}, addresses: [10.7.0.1], gateway: y}}\n`;

    expect(told(broken).map((line) => line.split(' ')[0])).toEqual(['6:41', '6:57', '6:77']);
  });

  it('draws the screen', () => {
    const reading = readProfile(text, 'plant-7.yaml');

    expect(explainMistakes(reading.isValid ? [] : reading.mistakes.slice(0, 3), 'plant-7.yaml')).toMatchInlineSnapshot(`
      "plant-7.yaml:5:11  nodes[0].name
        “Plant_7” is not a name of lower-case letters, digits and hyphens
           5 │   - name: Plant_7
             │           ^
        right: did you mean plant-7?

      plant-7.yaml:7:31  nodes[0].disks.data.match.minSize
        “4G” has a unit that is not known here
           7 │       data: {match: {minSize: 4G}, wipe: if-blnk, mont: /x}
             │                               ^
        right: 4Gi

      plant-7.yaml:7:42  nodes[0].disks.data.wipe
        “if-blnk” is none of if-blank, never, true
           7 │       data: {match: {minSize: 4G}, wipe: if-blnk, mont: /x}
             │                                          ^
        right: did you mean if-blank?

      plant-7.yaml has 3 mistakes"
    `);
  });

  it('keeps the caret under wide characters and in long lines', () => {
    const reading = readProfile(
      `${small}host: {users: [{name: 操作员}], keyboard: "${'键'.repeat(50)}", iommu: 7}\n`,
      'p.yaml',
    );

    expect(explainMistakes(reading.isValid ? [] : reading.mistakes, 'p.yaml')).toMatchInlineSnapshot(`
      "p.yaml:7:23  host.users[0].name
        “操作员” is not a name of lower-case letters, digits and hyphens
           7 │ host: {users: [{name: 操作员}], keyboard: "键键键键键键键键键键键键键…
             │                       ^
        right: for example admin

      p.yaml:7:40  host.keyboard
        “键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键键” is not a keyboard layout
        such as us, de or us-intl
           7 │ host: {users: [{name: 操作员}], keyboard: "键键键键键键键键键键键键键…
             │                                           ^
        right: for example us

      p.yaml:7:101  host.iommu
        “7” is neither true nor false
           7 │ …键键键键键键键键键键键键键键键键键键键键键键键键", iommu: 7}
             │                                                            ^
        right: write true or false

      p.yaml has 3 mistakes"
    `);
  });

  it('throws one fault that shows them all', () => {
    const act = () => loadProfile(`${small}rn: {}\n`, 'p.yaml');

    expect(act).toThrow(Fault);
    expect(act).toThrow('p.yaml has 1 mistake');
  });
});

describe('secrets in a profile', () => {
  it('stay sources: reading a profile reads no secret', () => {
    const { profile } = loadProfile(`${small}cluster: {k3s: {token: {fromFile: /nowhere}}}\n`, 'p.yaml');

    expect(profile.cluster.k3s.token).toEqual({ fromFile: '/nowhere' });
  });

  it('are not repeated when somebody writes one into the profile', () => {
    const text = `${small}host: {users: [{name: X, passwordHash: hunter2}]}\ncluster: {k3s: {tokn: 4711hunter, token: opensesame}}\n`;

    const reading = readProfile(text, 'p.yaml');

    expect(explainMistakes(reading.isValid ? [] : reading.mistakes, 'p.yaml')).not.toMatch(/hunter|opensesame/);
  });

  it('cannot be printed once they are read', () => {
    const secret = new Secret('hunter2');

    expect(`${String(secret)} ${JSON.stringify({ secret })}`).toBe('‹secret› {"secret":"‹secret›"}');
  });
});

describe('a profile that is loaded for a run', () => {
  it('ends the run with PROFILE-INVALID, naming every place', () => {
    const load = () => loadProfile(`${head}nodes: []\nhosts: {}\n`, 'p.yaml');

    expect(load).toThrow(
      expect.objectContaining({ code: 'PROFILE-INVALID', exitCode: 3, where: ['p.yaml:4:8', 'p.yaml:5:1'] }),
    );
  });
});
