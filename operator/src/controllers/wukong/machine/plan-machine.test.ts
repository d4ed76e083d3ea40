import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { dump, load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { Wukong, WukongSpec } from '../../../api/wukong.ts';
import { planDisks } from '../disks/plan-disks.ts';
import { claimOf, seenWith, wukongWith } from '../disks/test-storage.ts';
import { type MachineParts, planMachine } from './plan-machine.ts';
import { everything, minimal, sriov, windows } from './test-wukongs.ts';

const golden = (name: string) => join(import.meta.dirname, '../../../../../test/golden/operator', name);
const pod = {
  networks: [{ name: 'default', pod: {} }],
  interfaces: [{ name: 'default', masquerade: {}, model: 'virtio' }],
};

function machineOf(wukong: Wukong, networks: MachineParts['networks'] = pod, withSeed = false) {
  const disks = planDisks(wukong, seenWith({ claims: [claimOf()] }));
  const secretRef = { name: `${wukong.metadata.name}-cloudinit` };
  const cloudInit = withSeed
    ? {
        disks: [{ name: 'cloudinitdisk', disk: { bus: 'virtio' } }],
        volumes: [{ name: 'cloudinitdisk', cloudInitNoCloud: { secretRef } }],
      }
    : { disks: [], volumes: [] };
  return planMachine(wukong, { networks, disks, cloudInit });
}

const template = (spec: Partial<WukongSpec>): Json =>
  machineOf(wukongWith([{ name: 'data', size: '1Gi' }], spec))['spec'].template.spec;

describe('the machine of a Wukong', () => {
  it.for([
    ['that says the least', 'machine-minimal.yaml', machineOf(minimal)],
    ['that says everything', 'machine-everything.yaml', machineOf(everything, pod, true)],
    ['for Windows', 'machine-windows.yaml', machineOf(windows.wukong, windows.networks)],
    ['with hardware of the node', 'machine-sriov.yaml', machineOf(sriov.wukong, sriov.networks)],
  ] as const)('%s is written down', async ([, file, machine]) => {
    await expect(dump(machine, { noRefs: true })).toMatchFileSnapshot(golden(file));
  });

  it('B25: says nothing of the firmware’s identity, nor of a machine type that nobody pins', () => {
    expect(template({}).domain.firmware).toBeUndefined();
    expect(template({}).domain.machine).toBeUndefined();
    expect(Object.keys(template({ firmware: 'uefi' }).domain.firmware)).toEqual(['bootloader']);
  });

  it('B18: never says running', () => {
    expect(Object.keys(machineOf(everything)['spec'])).toEqual(['runStrategy', 'template']);
  });

  it('B8: has the memory that was asked for, in the same words', () => {
    expect(template({ memory: '1536Mi' }).domain.memory).toEqual({ guest: '1536Mi' });
  });

  it('has its CPUs as sockets, which alone can be added while it runs', () => {
    expect(template({ cpu: 6 }).domain.cpu).toEqual({ cores: 1, sockets: 6, threads: 1 });
  });

  it.for<[NonNullable<WukongSpec['firmware']>, Json]>([
    ['bios', { firmware: { bootloader: { bios: {} } } }],
    ['uefi', { firmware: { bootloader: { efi: { secureBoot: false } } } }],
    ['uefi-secure', { features: { smm: { enabled: true } }, firmware: { bootloader: { efi: { secureBoot: true } } } }],
  ])('boots by %s', ([firmware, wanted]) => {
    expect(template({ firmware }).domain).toMatchObject(wanted);
  });

  it('B27: keeps a toleration as it is, its seconds included', () => {
    const tolerations = [
      { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 30 },
    ];

    expect(template({ highAvailability: { tolerations } }).tolerations).toEqual(tolerations);
  });
});

describe('B27: a machine that keeps away from others', () => {
  const term = (key: string, value: string) => ({
    labelSelector: { matchLabels: { [key]: value } },
    topologyKey: 'kubernetes.io/hostname',
  });

  it('prefers a node without any, and can do without', () => {
    expect(template({ highAvailability: { antiAffinity: true } }).affinity).toEqual({
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: term('app.kubernetes.io/managed-by', 'novasphere-operator') },
        ],
      },
    });
  });

  it('never shares a node with its group, and carries the group’s label itself', () => {
    const wukong = wukongWith([{ name: 'data', size: '1Gi' }], { highAvailability: { antiAffinity: true } });
    const labels = { 'vm.novasphere.dev/ha-group': 'db' };
    const machine = machineOf({ ...wukong, metadata: { ...wukong.metadata, labels } });

    expect(machine['spec'].template.spec.affinity).toEqual({
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term('vm.novasphere.dev/ha-group', 'db')] },
    });
    expect(machine['spec'].template.metadata.labels).toMatchObject(labels);
  });

  it('keeps what the user says of affinity beside it', () => {
    const own = {
      podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1 }] },
      nodeAffinity: { a: 1 },
    };
    const { affinity } = template({ highAvailability: { antiAffinity: true }, scheduling: { affinity: own } });

    expect(affinity.nodeAffinity).toEqual({ a: 1 });
    expect(affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution).toMatchObject([
      { weight: 1 },
      { weight: 100 },
    ]);
  });
});

describe('whatever the disks', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/), { minLength: 1, maxLength: 8 });

  it('B17: exactly one has a place in the boot order, and each volume has its disk', () => {
    fc.assert(
      fc.property(names, fc.nat(), fc.boolean(), (disks, at, isMarked) => {
        const boot = isMarked ? disks[at % disks.length] : disks[0];
        const wukong = wukongWith(
          disks.map((name) => ({ name, size: '1Gi', ...(isMarked ? { boot: name === boot } : {}) })),
        );
        const { domain, volumes } = machineOf(wukong)['spec'].template.spec;
        const ordered = domain.devices.disks.filter((one: Json) => one.bootOrder !== undefined);
        expect(ordered.map((one: Json) => [one.name, one.bootOrder])).toEqual([[boot, 1]]);
        expect(volumes.map((one: Json) => one.name)).toEqual(domain.devices.disks.map((one: Json) => one.name));
      }),
    );
  });
});

const schema = join(
  import.meta.dirname,
  '../../../../../../shared/upstream/kubevirt/crds/virtualmachines.kubevirt.io.yaml',
);

describe.skipIf(!existsSync(schema))('the schema of KubeVirt', () => {
  it('knows every field that is sent', () => {
    const definition: Json = load(readFileSync(schema, 'utf8'));
    const { openAPIV3Schema } = definition.spec.versions[0].schema;
    const machines = [
      machineOf(minimal),
      machineOf(everything, pod, true),
      machineOf(windows.wukong, windows.networks),
      machineOf(sriov.wukong, sriov.networks),
    ];

    expect(machines.flatMap((one) => unknown(one['spec'], openAPIV3Schema.properties.spec, 'spec'))).toEqual([]);
  });

  it('would not let a wrong one pass here', () => {
    const definition: Json = load(readFileSync(schema, 'utf8'));
    const { properties } = definition.spec.versions[0].schema.openAPIV3Schema;

    expect(
      unknown({ runStrategy: 'Always', template: { spec: { domain: { cpus: 1 } } } }, properties.spec, 'spec'),
    ).toEqual(['spec.template.spec.domain.cpus']);
  });
});

function unknown(value: Json, known: Json, path: string): readonly string[] {
  if (known === undefined) return [path];
  if (Array.isArray(value)) return value.flatMap((one) => unknown(one, known.items, path));
  if (typeof value !== 'object' || value === null || known['x-kubernetes-preserve-unknown-fields'] === true) return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    unknown(inner, known.properties?.[field] ?? known.additionalProperties, `${path}.${field}`),
  );
}
