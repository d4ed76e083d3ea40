import type { Json } from '#kube/json';
import type { AdmissionAnswer } from '../../bench.ts';
import { quantity } from '../quantity.ts';

function missing(field: string, name: string): string {
  return `${field} '${name}' not found.`;
}

function names(list: readonly Json[] | undefined): ReadonlySet<string> {
  return new Set((list ?? []).map((one) => one.name));
}

function duplicates(list: readonly Json[], field: string): readonly string[] {
  return list.flatMap((one, index) => {
    const first = list.findIndex((other) => other.name === one.name);
    return first < index ? [`${field}[${first}] and ${field}[${index}] must not have the same Name.`] : [];
  });
}

function memory(spec: Json, field: string): readonly string[] {
  const size = spec.domain.memory?.hugepages?.pageSize;
  const amount = spec.domain.memory?.guest ?? spec.domain.resources?.requests?.memory;
  if (size === undefined || amount === undefined) return [];
  const bytes = quantity(amount);
  const page = quantity(size);
  if (bytes < page)
    return [
      `${field}.domain.resources.requests.memory '${amount}' must be equal to or larger than page size ${field}.domain.hugepages.size '${size}'`,
    ];
  if (bytes % page === 0) return [];
  return [
    `${field}.domain.resources.requests.memory '${amount}' is not a multiple of the page size ${field}.domain.hugepages.size '${size}'`,
  ];
}

/** What KubeVirt's webhook finds wrong in the spec of a virtual machine instance, in its own words. */
export function instanceMistakes(spec: Json, field: string): readonly string[] {
  const devices = spec.domain?.devices ?? {};
  const disks: readonly Json[] = devices.disks ?? [];
  const interfaces: readonly Json[] = devices.interfaces ?? [];
  const volumes = names(spec.volumes);
  const shown = new Set([...names(disks), ...names(devices.filesystems)]);
  const networks = names(spec.networks);
  const nics = names(interfaces);
  return [
    ...disks.flatMap((one, index) =>
      volumes.has(one.name) ? [] : [missing(`${field}.domain.devices.disks[${index}].Name`, one.name)],
    ),
    ...(spec.volumes ?? []).flatMap((one: Json, index: number) =>
      shown.has(one.name) ? [] : [missing(`${field}.domain.volumes[${index}].name`, one.name)],
    ),
    ...interfaces.flatMap((one, index) =>
      networks.has(one.name) ? [] : [missing(`${field}.domain.devices.interfaces[${index}].name`, one.name)],
    ),
    ...(spec.networks ?? []).flatMap((one: Json, index: number) =>
      nics.has(one.name) ? [] : [missing(`${field}.networks[${index}].name`, one.name)],
    ),
    ...duplicates(disks, `${field}.domain.devices.disks`),
    ...duplicates(spec.volumes ?? [], `${field}.volumes`),
    ...memory({ domain: {}, ...spec }, field),
  ];
}

/** The webhooks' answer to a virtual machine instance written by hand or by virt-controller. */
export function admitInstance(instance: Json): AdmissionAnswer {
  if (instance?.spec?.domain === undefined) return { allowed: true };
  const mistakes = instanceMistakes(instance.spec, 'spec');
  return mistakes.length === 0 ? { allowed: true } : { allowed: false, message: mistakes.join(', ') };
}
