import type { Inventory } from '#ports/facts';
import { type Guess, guessFrom } from './init-guess.ts';

/** What `novasphere init` asks. Everything but the name of the site may be left open. */
export interface InitAnswers {
  /** Name of the site: `plant-7`. */
  readonly site: string;
  /** Name of the node; without it the site's with `-a`. */
  readonly node?: string;
  readonly timezone?: string;
  readonly keyboard?: string;
  /** MAC address of the management card, where no inventory tells it. */
  readonly mac?: string;
  /** A fixed address with its prefix length, and the gateway; without both: DHCP. */
  readonly address?: string;
  readonly gateway?: string;
  /** Who may log in with which public key. There is no default user. */
  readonly user?: { readonly name: string; readonly authorizedKey: string };
  readonly emulation?: 'auto' | 'never' | 'always';
}

/** A commented profile for a reader who has never seen one. */
export function profileFor(answers: InitAnswers, inventory?: Inventory): string {
  const guess = inventory === undefined ? undefined : guessFrom(inventory);
  return [...head(answers, inventory), ...node(answers, guess), ...host(answers, inventory), ...rest(answers), ''].join(
    '\n',
  );
}

function head({ site }: InitAnswers, inventory?: Inventory): readonly string[] {
  const from =
    inventory === undefined
      ? 'written by `novasphere init`'
      : `written by \`novasphere init\` from the inventory of ${plain(inventory.hostname)}, ${plain(inventory.taken)}`;
  return [
    '# yaml-language-server: $schema=./profile.schema.json',
    '#',
    `# The profile of ${site}, ${from}.`,
    '# Next:  novasphere validate THIS-FILE   finds every mistake in it',
    '#        novasphere rehearse THIS-FILE   plays the whole installation on a simulated machine',
    '#        novasphere plan THIS-FILE       lists what it would change on this machine',
    '',
    'apiVersion: novasphere.dev/v1alpha1',
    'kind: Profile',
    'metadata:',
    `  name: ${scalar(site)}`,
  ];
}

function node(answers: InitAnswers, guess: Guess | undefined): readonly string[] {
  return [
    '',
    '# One entry for each machine.',
    'nodes:',
    `  - name: ${scalar(answers.node ?? `${answers.site}-a`)}`,
    '    role: server              # a server runs the control plane, and virtual machines too',
    ...(guess?.serial === undefined ? [] : ['    machine:', `      serial: ${scalar(guess.serial)}`]),
    ...disks(guess),
    ...network(answers, guess),
  ];
}

function disks(guess: Guess | undefined): readonly string[] {
  const seen = guess?.disks.map((line) => `    #   ${line}`) ?? [];
  const list =
    seen.length === 0
      ? ['    # `novasphere inventory` shows serial numbers and WWNs.']
      : ['    # Seen on the machine:', ...seen];
  return [
    '    # Disks are named by what they say of themselves, since /dev/sda may be another one tomorrow.',
    ...list,
    ...(guess?.system === undefined && guess?.data === undefined
      ? ['    disks: {}                 # all on one disk']
      : ['    disks:']),
    ...(guess?.system === undefined
      ? []
      : [
          '      system:',
          '        match:',
          `          ${guess.system.key}: ${scalar(guess.system.value)}`,
          '        wipe: false             # true: the installation from the ISO may erase it',
        ]),
    ...(guess?.data === undefined
      ? []
      : [
          '      data:                     # for the disks of virtual machines',
          '        match:',
          `          ${guess.data.key}: ${scalar(guess.data.value)}`,
          '        wipe: if-blank          # formatted only when nothing is on it; never and true are the others',
        ]),
  ];
}

function network(answers: InitAnswers, guess: Guess | undefined): readonly string[] {
  const mac = answers.mac ?? guess?.management?.mac;
  const open = mac === undefined ? '   # CHANGE THIS: `novasphere inventory` shows the MAC addresses' : '';
  return [
    '    network:',
    '      management:               # the node is reached by it, and the cluster talks over it',
    '        match:',
    `          mac: ${mac ?? '00:00:5e:00:53:01'}${open}`,
    '        name: mgmt0             # the name that it gets for good',
    ...address(answers, guess),
    ...more(guess),
  ];
}

function address({ address, gateway }: InitAnswers, guess: Guess | undefined): readonly string[] {
  if (address !== undefined && gateway !== undefined)
    return [`        addresses: [${scalar(address)}]`, `        gateway: ${scalar(gateway)}`];
  const now = guess?.management?.address;
  const fixed = now ?? '10.7.0.10/24';
  return [
    '        dhcp: true',
    `        # ${now === undefined ? 'For a fixed address' : 'Its address now; to keep it'}, put these two in the place of dhcp:`,
    `        # addresses: [${fixed}]`,
    `        # gateway: …`,
  ];
}

function more(guess: Guess | undefined): readonly string[] {
  const cards = guess?.others ?? [];
  if (cards.length === 0) return [];
  return [
    '      interfaces:               # the other network cards; leave out those that stay unused',
    ...cards.flatMap(({ mac, about }, index) => [
      '        - match:',
      `            mac: ${mac}    # ${about}`,
      `          name: lan${index}`,
    ]),
    '      # A bridge over one of them puts virtual machines into that network:',
    '      # bridges:',
    '      #   - {name: br-lan, ports: [lan0]}',
  ];
}

function host({ timezone, keyboard, user }: InitAnswers, inventory?: Inventory): readonly string[] {
  const users =
    user === undefined
      ? [
          '  # Who may log in. There is no default user and no default password.',
          '  # users:',
          '  #   - name: admin',
          '  #     authorizedKeys: [ssh-ed25519 AAAA… you@example]',
        ]
      : ['  users:', `    - name: ${scalar(user.name)}`, `      authorizedKeys: [${scalar(user.authorizedKey)}]`];
  return [
    '',
    '# Only a bundle is installed that somebody has signed whose key is in /etc/novasphere/keys/*.pub, or named here.',
    '# bundle:',
    '#   trustedKeys: [RW…]          # public keys as minisign prints them',
    '#   allowUnsigned: true         # for trying out: installs what nobody has signed',
    '',
    '# The operating system.',
    'host:',
    `  timezone: ${scalar(timezone ?? zoneOf(inventory) ?? 'Etc/UTC')}`,
    `  keyboard: ${scalar(keyboard ?? 'us')}`,
    ...users,
    '  # dns: {servers: [10.7.0.2], search: [plant7.example]}',
    '  # ntp: {servers: [10.7.0.2]}',
    '  # hugepages: {2Mi: 1024}     # pages, not bytes: 1024 of them are 2 GiB',
  ];
}

function zoneOf(inventory: Inventory | undefined): string | undefined {
  const zone = inventory?.clock.timezone;
  return zone !== undefined && Intl.supportedValuesOf('timeZone').includes(zone) ? zone : undefined;
}

function rest({ emulation }: InitAnswers): readonly string[] {
  return [
    '',
    '# The cluster: pods and services get addresses from these networks, so nothing else may use them.',
    'cluster:',
    '  k3s:',
    '    clusterCidr: 10.42.0.0/16',
    '    serviceCidr: 10.43.0.0/16',
    '',
    '# All components are installed; {enabled: false} leaves one out.',
    'components:',
    '  longhorn: {replicas: 1}     # on how many nodes each disk of a virtual machine is kept',
    `  kubevirt: {emulation: ${emulation ?? 'auto'}}   # auto: software emulation only where the CPU cannot virtualise`,
    '',
    '# The proof at the end: a sample VM has to boot and print its login prompt.',
    'verify:',
    '  vm: {memory: 128Mi, timeout: 10m}',
  ];
}

/** A text as YAML: quoted where it could be read as something else. */
function scalar(text: string): string {
  const isPlain = /^[A-Za-z0-9][A-Za-z0-9._/@+=:-]*( [A-Za-z0-9._/@+=-]+)*$/.test(text) && !text.endsWith(':');
  const isWord = /^(true|false|null|yes|no|on|off|y|n|[-+.0-9]+(e[-+]?[0-9]+)?)$/i.test(text);
  return isPlain && !isWord ? text : JSON.stringify(text);
}

function plain(text: string): string {
  return text.replaceAll(/[^\x20-\x7E]+/g, ' ');
}
