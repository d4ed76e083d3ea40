/** The shape of an inventory file; keys that a later version adds are passed over. */
import * as z from 'zod';

const text = z.string();
const count = z.int().min(0);

const Disk = z.object({
  path: text,
  serial: text.optional(),
  wwn: text.optional(),
  model: text.optional(),
  byId: z.array(text),
  size: count,
  rotational: z.boolean(),
  removable: z.boolean(),
  transport: text.optional(),
  readOnly: z.boolean(),
  contents: z.array(text),
  usedBy: z.array(text),
});

const Nic = z.object({
  name: text,
  mac: text,
  driver: text.optional(),
  pci: text.optional(),
  carrier: z.boolean(),
  speed: z.number().optional(),
  mtu: count,
  addresses: z.array(text),
  kind: z.enum(['physical', 'virtual']),
});

const Cpu = z.object({
  model: text,
  architecture: z.enum(['amd64', 'arm64']),
  sockets: count,
  cores: count,
  threads: count,
  virtualisation: z.enum(['vmx', 'svm']).optional(),
  numaNodes: count,
});

export const Inventory = z.object({
  version: z.literal(1),
  hostname: text,
  taken: text,
  machine: z.object({
    vendor: text.optional(),
    product: text.optional(),
    serial: text.optional(),
    uuid: text.optional(),
  }),
  firmware: z.enum(['uefi', 'bios']),
  secureBoot: z.boolean().optional(),
  virtualised: text.optional(),
  cpu: Cpu,
  memory: z.object({ total: count, hugepages: z.object({ '2Mi': count, '1Gi': count }) }),
  kernel: z.object({ release: text, cmdline: text, cgroup: z.enum(['v1', 'v2']) }),
  os: z.object({ id: text, version: text, name: text }),
  disks: z.array(Disk),
  nics: z.array(Nic),
  modules: z.array(text),
  devices: z.object({ kvm: z.boolean(), tun: z.boolean(), vhostNet: z.boolean(), iommuGroups: count }),
  clock: z.object({ synchronized: z.boolean(), timezone: text.optional() }),
  bootId: text,
});
