import type { ArgumentRow, CommandTable, OptionRow } from './command-table.ts';

/** The commands that make a bundle, and those that look at one. */

const directory: ArgumentRow = { name: 'DIR', about: 'the bundle', completes: 'directory' };
const store: OptionRow = {
  flags: '--store DIR',
  about: 'where downloads are kept; default: $XDG_CACHE_HOME/novasphere/store',
  completes: 'directory',
};
const mirror: OptionRow = {
  flags: '--mirror FROM=TO',
  about: 'take what begins with FROM (an address, or a registry such as docker.io) from TO; may be repeated',
  many: true,
};
const lock: OptionRow = {
  flags: '--lock FILE',
  about: 'another lock file than manifests/catalog.lock.yaml of this release',
  completes: 'file',
};
const atOnce: OptionRow = { flags: '--at-once N', about: 'how many downloads are under way at once', number: true };

export const bundleCommands: readonly CommandTable[] = [
  {
    name: 'bundle resolve',
    summary: 'Look up what the files and images of this release really are, and write it into the lock file',
    touches: 'the lock file and the store',
    arguments: [],
    options: [
      { flags: '--check', about: 'look up everything again, write nothing, and end with 1 when anything has changed' },
      { flags: '--renew NAME', about: 'look this file or image up again, and take what it is now', many: true },
      {
        flags: '--base MEDIUM',
        about:
          'an Ubuntu Server ISO, or where one is mounted: also look up the packages that it lacks; may be repeated',
        many: true,
        completes: 'file',
      },
      {
        flags: '--apt-source LINE',
        about: 'where apt finds packages: "ADDRESS SUITE,SUITE COMPONENT,COMPONENT"; default: Ubuntu’s archive',
      },
      { flags: '--apt-keyring FILE', about: 'the keys that sign them', completes: 'file' },
      mirror,
      store,
      lock,
      atOnce,
    ],
    examples: [
      'novasphere bundle resolve',
      'novasphere bundle resolve --check',
      'novasphere bundle resolve --base ubuntu-24.04.3-live-server-amd64.iso',
    ],
  },
  {
    name: 'bundle fetch',
    summary: 'Download everything that the lock names, and lay it out as a bundle; goes on where it was cut',
    touches: 'a directory and the store',
    arguments: [directory],
    options: [
      {
        flags: '--architecture NAME',
        about: 'of the machines; default: that of this one',
        choices: ['amd64', 'arm64'],
      },
      {
        flags: '--series NAME',
        about: 'the Ubuntu release that the packages are for, by its codename; default: noble',
      },
      { flags: '--without-packages', about: 'bring no Debian packages: the nodes have them already' },
      mirror,
      store,
      lock,
      atOnce,
    ],
    examples: [
      'novasphere bundle fetch /srv/bundle',
      'novasphere bundle fetch /srv/bundle --architecture arm64 --series noble',
      'novasphere bundle fetch /srv/bundle --mirror docker.io=mirror.example/docker',
    ],
  },
  {
    name: 'bundle verify',
    summary: 'Compare every file of a bundle with its index and with the lock, and tell who signed it',
    touches: 'nothing',
    arguments: [directory],
    options: [
      {
        flags: '--key KEY',
        about:
          'a public key that is trusted, or a file that holds one; may be repeated. Also: /etc/novasphere/keys/*.pub',
        many: true,
        completes: 'file',
      },
      { flags: '--allow-unsigned', about: 'be content with a bundle that nobody who is trusted has signed' },
      lock,
    ],
    examples: [
      'novasphere bundle verify /srv/bundle --key novasphere.pub',
      'novasphere bundle verify /media/bundle --allow-unsigned',
    ],
  },
  {
    name: 'bundle prove',
    summary: 'Prove that the images of a bundle are all that an installation asks for, and no others',
    touches: 'proof.json and proof.html in the bundle',
    arguments: [directory],
    options: [],
    examples: ['novasphere bundle prove /srv/bundle', 'novasphere bundle prove /srv/bundle --output json'],
  },
  {
    name: 'bundle sign',
    summary: 'Sign the index of a bundle, in the format of minisign',
    touches: 'bundle.yaml.minisig in the bundle',
    arguments: [directory],
    options: [
      { flags: '--key FILE', about: 'the secret key, as “bundle keys” or “minisign -G” makes it', completes: 'file' },
      {
        flags: '--password-file FILE',
        about: 'holds its password; - for stdin; default: it is asked for',
        completes: 'file',
      },
      { flags: '--comment TEXT', about: 'a comment that is signed as well; default: what the bundle is made for' },
    ],
    examples: ['novasphere bundle sign /srv/bundle --key novasphere.key'],
  },
  {
    name: 'bundle keys',
    summary: 'Make a pair of keys: one to sign bundles with, and one to trust them by',
    touches: 'two files',
    arguments: [
      { name: 'NAME', about: 'NAME.key and NAME.pub are written, and never written over', completes: 'file' },
    ],
    options: [
      {
        flags: '--password-file FILE',
        about: 'the password to encrypt it with; - for stdin; default: it is asked for',
        completes: 'file',
      },
      { flags: '--without-password', about: 'leave the secret key unencrypted, for a machine that signs by itself' },
    ],
    examples: ['novasphere bundle keys novasphere'],
  },
  {
    name: 'bundle list',
    summary: 'Show what a bundle is made for and what it holds',
    touches: 'nothing',
    arguments: [directory],
    options: [],
    examples: ['novasphere bundle list /srv/bundle', 'novasphere bundle list /srv/bundle --output json'],
  },
];
