import type { Json } from '#kube/json';
import { type Case, valid } from './case.ts';

const user = (fields: Json): Json => ({ ...valid, cloudInitUser: { name: 'plant', ...fields } });
const hash = (prefix: string) => user({ passwordHash: `${prefix}saltsalt$Ab1./xyz` });

export const accepted: readonly Case[] = [
  ['user data of its own', { ...valid, cloudInit: { userDataSecretRef: { name: 'first-boot' } } }],
  ['a user with keys', { ...user({}), sshKeySecret: 'plant-keys' }],
  ...['$5$', '$6$rounds=10000$', '$y$j9T$', '$2a$12$', '$2b$12$', '$2y$12$'].map(
    (prefix): Case => [`a hash that begins with ${prefix}`, hash(prefix)],
  ),
  ['a hash that wins over a password', user({ password: 'secret word', passwordHash: '$6$salt$Ab1' })],
  ['a password from a Secret', user({ passwordSecretRef: { name: 'login', key: 'password' } })],
  ['no rule of sudo', user({ sudo: '', shell: '/usr/bin/zsh', groups: ['sudo', '_ssh'], lockPasswd: true })],
];

export const refused: readonly Case[] = [
  ['cloud-init without a secret', { ...valid, cloudInit: {} }],
  ['user data beside a user', { ...user({}), cloudInit: { userDataSecretRef: { name: 'first-boot' } } }],
  [
    'user data beside keys',
    { ...valid, sshKeySecret: 'plant-keys', cloudInit: { userDataSecretRef: { name: 'first-boot' } } },
  ],
  ['no user name', user({ name: '' })],
  ['B15: a user name that is more than a name', user({ name: 'a\nruncmd: [x]' })],
  ['B15: a group that is more than a name', user({ groups: ['sudo', 'x]\nruncmd: [y'] })],
  ['B15: a rule of sudo of two lines', user({ sudo: 'ALL=(ALL) ALL\nruncmd: [x]' })],
  ['B15: a shell that is no path', user({ shell: '/bin/sh; reboot' })],
  ['a user name in capitals', user({ name: 'Plant' })],
  ['a hash of MD5', hash('$1$')],
  ['a password in place of its hash', user({ passwordHash: 'secret word' })],
  ['B15: a hash of two lines', user({ passwordHash: '$6$salt$Ab1\nruncmd: [x]' })],
  ['an empty password', user({ password: '' })],
  ['a password of two lines', user({ password: 'secret\nword' })],
  ['a password twice', user({ password: 'secret word', passwordSecretRef: { name: 'login', key: 'password' } })],
  ['a key with a slash', user({ passwordSecretRef: { name: 'login', key: 'a/b' } })],
  ['keys in a Secret of capitals', { ...valid, sshKeySecret: 'Keys' }],
];
