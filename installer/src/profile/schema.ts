import { z } from 'zod';
import type { SecretSource } from './secret.ts';
import { type Cidr, Duration, type Mac, Size } from './units.ts';

const name = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, { error: 'a name of lower-case letters, digits and hyphens' });
const interfaceName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_.-]{0,14}$/, { error: 'an interface name of at most 15 characters' });
const cidr = z.cidrv4().transform((text) => text as Cidr);
const mac = z
  .string()
  .regex(/^([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}$/, { error: 'a MAC address such as 3c:ec:ef:00:00:01' })
  .transform((text) => text.toLowerCase() as Mac);
const secret = z.union([
  z.strictObject({ fromFile: z.string().min(1) }),
  z.strictObject({ fromEnv: z.string().min(1) }),
]) satisfies z.ZodType<SecretSource>;

export const DiskMatch = z.strictObject({
  serial: z.string().min(1).optional(),
  wwn: z.string().min(1).optional(),
  byId: z.string().min(1).optional(),
  model: z.string().min(1).optional(),
  minSize: Size.optional(),
  maxSize: Size.optional(),
  rotational: z.boolean().optional(),
});
export const NicMatch = z.strictObject({
  mac: mac.optional(),
  driver: z.string().min(1).optional(),
  pci: z.string().min(1).optional(),
});

export const SystemDisk = z.strictObject({ match: DiskMatch, wipe: z.boolean().default(false) });
export const DataDisk = z.strictObject({
  match: DiskMatch,
  wipe: z.union([z.literal('if-blank'), z.literal('never'), z.literal(true)]).default('never'),
  filesystem: z.enum(['ext4', 'xfs']).default('ext4'),
  mount: z
    .string()
    .regex(/^\/[^\s]*$/, { error: 'an absolute path' })
    .default('/var/lib/longhorn'),
});
export const Management = z.strictObject({
  match: NicMatch,
  name: interfaceName.default('mgmt0'),
  addresses: z.array(cidr).optional(),
  dhcp: z.boolean().default(false),
  gateway: z.ipv4().optional(),
  mtu: z.int().min(576).max(9216).optional(),
});
export const Interface = z.strictObject({
  match: NicMatch,
  name: interfaceName,
  mtu: z.int().min(576).max(9216).optional(),
  addresses: z.array(cidr).default([]),
});
export const Bridge = z.strictObject({
  name: interfaceName,
  ports: z.array(interfaceName).min(1),
  mtu: z.int().min(576).max(9216).optional(),
});

export const User = z.strictObject({
  name,
  passwordHash: z
    .union([z.string().regex(/^\$(5|6|y|2[aby])\$/, { error: 'a crypt(3) hash such as $6$…' }), secret])
    .optional(),
  authorizedKeys: z.array(z.string().min(1)).default([]),
});
export const Host = z.strictObject({
  timezone: z.string().default('Etc/UTC'),
  keyboard: z.string().default('us'),
  users: z.array(User).default([]),
  dns: z.strictObject({ servers: z.array(z.ipv4()).default([]), search: z.array(z.string()).default([]) }).prefault({}),
  ntp: z.strictObject({ servers: z.array(z.string()).default([]) }).prefault({}),
  proxy: z
    .strictObject({ http: z.url(), https: z.url().optional(), noProxy: z.array(z.string()).default([]) })
    .nullable()
    .default(null),
  hugepages: z.strictObject({ '2Mi': z.int().min(0).default(0), '1Gi': z.int().min(0).default(0) }).prefault({}),
  cpuManager: z
    .strictObject({
      policy: z.enum(['none', 'static']),
      reserved: z
        .string()
        .regex(/^[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*$/)
        .optional(),
    })
    .optional(),
  iommu: z.boolean().default(false),
  modules: z.array(z.string().regex(/^[a-z0-9_-]+$/)).default([]),
  sysctl: z.record(z.string().regex(/^[a-z0-9_.-]+$/), z.union([z.string(), z.number()])).default({}),
});
export const Node = z.strictObject({
  name,
  role: z.enum(['server', 'agent']).default('server'),
  machine: z.strictObject({ serial: z.string().optional(), uuid: z.string().optional() }).optional(),
  disks: z.strictObject({ system: SystemDisk.optional(), data: DataDisk.optional() }).prefault({}),
  network: z.strictObject({
    management: Management,
    interfaces: z.array(Interface).default([]),
    bridges: z.array(Bridge).default([]),
  }),
  host: Host.partial().optional(),
});
export const K3s = z.strictObject({
  dataDir: z
    .string()
    .regex(/^\/[^\s]*$/)
    .default('/var/lib/rancher/k3s'),
  clusterCidr: cidr.prefault('10.42.0.0/16'),
  serviceCidr: cidr.prefault('10.43.0.0/16'),
  tlsSans: z.array(z.string()).default([]),
  token: secret.optional(),
});
export const Registries = z.strictObject({
  mirrors: z.record(z.string(), z.strictObject({ endpoint: z.array(z.url()).min(1) })).optional(),
  configs: z
    .record(
      z.string(),
      z.strictObject({
        auth: z.strictObject({ username: z.string(), password: secret }).optional(),
        tls: z
          .strictObject({ caFile: z.string().optional(), insecureSkipVerify: z.boolean().default(false) })
          .optional(),
      }),
    )
    .optional(),
});
const component = { enabled: z.boolean().default(true) };
export const Components = z.strictObject({
  longhorn: z.strictObject({ ...component, replicas: z.int().min(1).max(3).optional() }).prefault({}),
  multus: z.strictObject(component).prefault({}),
  nmstate: z.strictObject(component).prefault({}),
  kubevirt: z
    .strictObject({
      ...component,
      emulation: z.enum(['auto', 'never', 'always']).default('auto'),
      featureGates: z.array(z.string()).default([]),
    })
    .prefault({}),
  cdi: z.strictObject(component).prefault({}),
  certManager: z.strictObject(component).prefault({}),
  operator: z.strictObject(component).prefault({}),
});
export const Verify = z.strictObject({
  vm: z.strictObject({ memory: Size.prefault('128Mi'), timeout: Duration.prefault('10m') }).prefault({}),
  storage: z.boolean().default(true),
  network: z.boolean().default(true),
});
export const Run = z.strictObject({
  concurrency: z.int().min(1).max(8).default(1),
  mirrorConsoles: z.array(z.string()).default([]),
  onSuccess: z.strictObject({ webhook: z.url().nullable().default(null) }).prefault({}),
});
export const Profile = z.strictObject({
  apiVersion: z.literal('novasphere.dev/v1alpha1'),
  kind: z.literal('Profile'),
  metadata: z.strictObject({ name }),
  nodes: z.array(Node).min(1),
  host: Host.prefault({}),
  cluster: z.strictObject({ k3s: K3s.prefault({}), registries: Registries.prefault({}) }).prefault({}),
  components: Components.prefault({}),
  verify: Verify.prefault({}),
  run: Run.prefault({}),
});

export type Profile = z.output<typeof Profile>;
export type Node = z.output<typeof Node>;
export type Host = z.output<typeof Host>;
export type DiskMatch = z.output<typeof DiskMatch>;
export type NicMatch = z.output<typeof NicMatch>;
export type DataDisk = z.output<typeof DataDisk>;
export type Components = z.output<typeof Components>;
