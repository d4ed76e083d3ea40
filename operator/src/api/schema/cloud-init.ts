import * as z from 'zod';
import { listOf, objectName, rules, spelled, text } from './terms.ts';

const account = (what: string) =>
  spelled(
    32,
    '^[a-z_][a-z0-9_-]*$',
    `the name of a ${what} has lower-case letters, digits, \`_\` and \`-\`, and begins with a letter or \`_\``,
  );

/** Asked of the whole, because the refusal of a field repeats its value. */
const secretRules = rules(
  {
    rule: "!has(self.password) || self.password.matches(r'^[^\\x00-\\x1f\\x7f]+$')",
    message: 'a password has at least one character and no control characters',
    fieldPath: '.password',
  },
  {
    rule: "!has(self.passwordHash) || self.passwordHash.matches(r'^\\$(5|6|y|2[aby])\\$[./0-9A-Za-z$=,]+$')",
    message:
      'a password hash is one of crypt(3) that begins with $5$, $6$, $y$, $2a$, $2b$ or $2y$ (not MD5, $1$): make one with `mkpasswd -m sha-512`',
    fieldPath: '.passwordHash',
  },
  {
    rule: '!(has(self.password) && has(self.passwordSecretRef))',
    message: 'password and passwordSecretRef exclude each other: keep passwordSecretRef',
    fieldPath: '.passwordSecretRef',
  },
);

export const CloudInitUser = z
  .object({
    name: account('user').meta({ description: 'Login name.', examples: ['plant'] }),
    password: text(256)
      .meta({
        description:
          'In plain text, which everybody can read who may read the Wukong: better passwordHash or passwordSecretRef. The guest gets its hash alone.',
        examples: ['correct horse battery staple'],
      })
      .optional(),
    passwordHash: text(256)
      .meta({
        description: 'As crypt(3) has it: `mkpasswd -m sha-512`. Wins over the other two.',
        examples: [
          '$6$saltsalt$qFmFH.bQmmtXzyBY0s9v7Oicd2z4XSIecDzlB5KiA2/jctKu9YterLp8wwnSq.qc.eoxqOmSuNp2xS0ktL3nh/',
        ],
      })
      .optional(),
    passwordSecretRef: z
      .object({
        name: objectName.meta({ description: 'Its name.', examples: ['plant-login'] }),
        key: spelled(253, '^[-._a-zA-Z0-9]+$', 'a key of a Secret has letters, digits, `-`, `_` and `.`').meta({
          description: 'The key that holds the password in plain text.',
          examples: ['password'],
        }),
      })
      .meta({ description: 'A Secret of the same namespace with the password.' })
      .optional(),
    sudo: spelled(256, '^[ -~]*$', 'a rule of sudo is one line of plain characters')
      .meta({
        description:
          'What the user may do as somebody else, as sudoers has it. Default: everything, without a password.',
        examples: ['ALL=(ALL) NOPASSWD:ALL'],
        default: 'ALL=(ALL) NOPASSWD:ALL',
      })
      .optional(),
    shell: spelled(256, '^/[A-Za-z0-9_./-]+$', 'a shell is the whole path of a program, such as /bin/bash')
      .meta({ description: 'Login shell. Default: /bin/bash.', examples: ['/bin/bash'], default: '/bin/bash' })
      .optional(),
    groups: listOf(account('group'), 32)
      .meta({
        description:
          'Groups of the user. Absent: sudo, adm, dialout, cdrom, floppy, audio, dip, video, plugdev and netdev.',
        examples: [['sudo', 'dialout']],
      })
      .optional(),
    lockPasswd: z
      .boolean()
      .meta({
        description: 'Whether logging in with the password is off. Default: false.',
        examples: [true],
        default: false,
      })
      .optional(),
  })
  .meta({
    description: 'The user that cloud-init makes at first boot, instead of the one of the image.',
    ...secretRules,
  });

export const cloudInit = z
  .object({
    userDataSecretRef: z
      .object({ name: objectName.meta({ description: 'Its name.', examples: ['first-boot'] }) })
      .meta({ description: 'A Secret of the same namespace whose key `userdata` the guest is given at first boot.' }),
  })
  .meta({ description: 'User data of your own, in place of cloudInitUser and sshKeySecret.' });
