/** What the operating system of a node is set to. */
import * as z from 'zod';
import { address, hostname, name, secret, url } from './terms.ts';

export const User = z
  .strictObject({
    name: name.meta({ description: 'Login name.', examples: ['admin'] }),
    passwordHash: z
      .union([z.string().regex(/^\$(5|6|y|2[aby])\$[^\s:]+$/, { error: 'a crypt(3) hash such as $6$…' }), secret])
      .meta({
        description:
          'The hash of a password (`openssl passwd -6` makes one), or where it is found. Without it: no password login.',
        examples: [{ fromFile: '/etc/novasphere/secrets/admin-hash' }],
      })
      .optional(),
    authorizedKeys: z
      .array(
        z.string().regex(/^(sk-)?(ssh|ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/=]+( [^\p{Cc}]*)?$/u, {
          error: 'a public key on one line such as “ssh-ed25519 AAAA… you@example”',
        }),
      )
      .default([])
      .meta({ description: 'Public SSH keys that may log in.', examples: [['ssh-ed25519 AAAA… you@example']] }),
  })
  .meta({ description: 'Somebody who may log in.' });

const dns = z
  .strictObject({
    servers: z
      .array(address)
      .default([])
      .meta({ description: 'Addresses of name servers.', examples: [['10.7.0.2']] }),
    search: z
      .array(hostname)
      .default([])
      .meta({ description: 'Domains that short names are looked up in.', examples: [['plant7.example']] }),
  })
  .meta({ description: 'Name resolution.' });

const ntp = z
  .strictObject({
    servers: z
      .array(hostname)
      .default([])
      .meta({ description: 'Time servers, by name or address.', examples: [['10.7.0.2']] }),
  })
  .meta({ description: 'Time.' });

const proxy = z
  .strictObject({
    http: url.meta({ description: 'Proxy for http.', examples: ['http://proxy.plant7.example:3128'] }),
    https: url
      .meta({
        description: 'Proxy for https; without it the same as `http`.',
        examples: ['http://proxy.plant7.example:3128'],
      })
      .optional(),
    noProxy: z
      .array(z.string().regex(/^[^\s,]+$/, { error: 'a network, an address or a domain' }))
      .default([])
      .meta({
        description: 'What is reached directly. The networks of the cluster and of the nodes belong here.',
        examples: [['10.42.0.0/16', '10.43.0.0/16', '10.7.0.0/24', '.svc', '.cluster.local']],
      }),
  })
  .nullable()
  .meta({ description: 'The proxy to the outside, or null when there is none.', examples: [null] });

const pages = z
  .int()
  .min(0)
  .max(2 ** 24);
const hugepages = z
  .strictObject({
    '2Mi': pages
      .default(0)
      .meta({ description: 'How many pages of 2 MiB; set aside while running.', examples: [1024] }),
    '1Gi': pages.default(0).meta({ description: 'How many pages of 1 GiB; set aside at boot only.', examples: [8] }),
  })
  .meta({ description: 'Memory set aside in large pages for virtual machines that ask for them.' });

const cpuManager = z
  .strictObject({
    policy: z
      .enum(['none', 'static'])
      .meta({ description: '`static` lets a virtual machine have CPUs of its own.', examples: ['static'] }),
    reserved: z
      .string()
      .regex(/^[0-9]{1,5}(-[0-9]{1,5})?(,[0-9]{1,5}(-[0-9]{1,5})?)*$/, { error: 'a list of CPUs such as 0-1 or 0,4-7' })
      .meta({ description: 'CPUs that stay with the system and are never given away.', examples: ['0-1'] })
      .optional(),
  })
  .meta({ description: 'Whether virtual machines may have CPUs of their own.' });

const parts = {
  timezone: z
    .string()
    .regex(/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/, { error: 'a time zone such as Asia/Shanghai' })
    .meta({ description: 'Time zone, as in `timedatectl list-timezones`.', examples: ['Asia/Shanghai'] }),
  keyboard: z
    .string()
    .regex(/^[A-Za-z]{2,}([-_][A-Za-z0-9]+)*$/, { error: 'a keyboard layout such as us, de or us-intl' })
    .meta({ description: 'Keyboard layout of the console.', examples: ['us'] }),
  users: z.array(User).meta({ description: 'Who may log in. There is no default user and no default password.' }),
  dns,
  ntp,
  proxy,
  hugepages,
  cpuManager,
  iommu: z.boolean().meta({
    description: '`true`: the IOMMU is switched on, so that devices can be handed to virtual machines.',
    examples: [true],
  }),
  modules: z
    .array(z.string().regex(/^[a-z0-9_-]+$/, { error: 'the name of a kernel module' }))
    .meta({ description: 'Further kernel modules, loaded now and at boot.', examples: [['vfio_pci']] }),
  sysctl: z
    .record(
      z.string().regex(/^[a-z0-9_]+([./][A-Za-z0-9_-]+)+$/, { error: 'a kernel setting such as vm.swappiness' }),
      z.union([z.string().regex(/^(?!0[0-9])[^\p{Cc}]+$/u, { error: 'a value without leading zeros' }), z.number()]),
    )
    .meta({ description: 'Further kernel settings.', examples: [{ 'vm.swappiness': 10 }] }),
} as const;

export const Host = z
  .strictObject({
    timezone: parts.timezone.default('Etc/UTC'),
    keyboard: parts.keyboard.default('us'),
    users: parts.users.default([]),
    dns: dns.prefault({}),
    ntp: ntp.prefault({}),
    proxy: proxy.default(null),
    hugepages: hugepages.prefault({}),
    cpuManager: cpuManager.optional(),
    iommu: parts.iommu.default(false),
    modules: parts.modules.default([]),
    sysctl: parts.sysctl.default({}),
  })
  .meta({ description: 'The operating system, the same for every node.' });

/** Without defaults: what a node leaves out stays as it is for every node. */
export const HostOverride = z
  .strictObject(parts)
  .partial()
  .meta({ description: 'Keys of `host` that differ on this node; each one given replaces the whole key.' });
