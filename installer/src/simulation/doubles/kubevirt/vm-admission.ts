import type { Json } from '#kube/json';
import type { AdmissionAnswer } from '../../bench.ts';
import { instanceMistakes } from './vmi-admission.ts';

const strategies = ['Halted', 'Manual', 'Always', 'RerunOnFailure', 'Once', 'WaitAsReceiver'];

function strategyMistakes(spec: Json): readonly string[] {
  if (spec.running !== undefined && spec.runStrategy !== undefined) {
    return [
      'Running and RunStrategy are mutually exclusive. Note that Running is deprecated, please use RunStrategy instead',
    ];
  }
  if (spec.running === undefined && spec.runStrategy === undefined) return ['RunStrategy must be specified'];
  if (spec.runStrategy === undefined || strategies.includes(spec.runStrategy)) return [];
  return [`Invalid RunStrategy (${spec.runStrategy})`];
}

function templateMistakes(spec: Json): readonly string[] {
  const volumes: readonly Json[] = spec.template?.spec?.volumes ?? [];
  return (spec.dataVolumeTemplates ?? []).flatMap((one: Json, index: number) => {
    const used = volumes.some((volume) => volume.dataVolume?.name === one.metadata?.name);
    return used
      ? []
      : [
          `DataVolumeTemplate entry spec.dataVolumeTemplate[${index}] must be referenced in the VMI template's 'volumes' list`,
        ];
  });
}

function uuid(random: () => number): string {
  const digits = (count: number) =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join('');
  return `${digits(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`;
}

/** What the mutating webhook fills in: architecture, machine type and the firmware's identity. */
function defaulted(machine: Json, random: () => number): Json {
  const { spec } = machine;
  const { domain, architecture = 'amd64', ...rest } = spec.template.spec;
  const firmware = {
    ...domain.firmware,
    uuid: domain.firmware?.uuid ?? uuid(random),
    serial: domain.firmware?.serial ?? uuid(random),
  };
  const chosen = { ...domain, machine: { type: 'q35', ...domain.machine }, firmware };
  return {
    ...machine,
    spec: { ...spec, template: { ...spec.template, spec: { ...rest, architecture, domain: chosen } } },
  };
}

/** The mutating webhook's answer to a virtual machine. */
export function mutateVirtualMachine(machine: Json, random: () => number): AdmissionAnswer {
  if (machine?.spec?.template?.spec?.domain === undefined) return { allowed: true };
  return { allowed: true, object: defaulted(machine, random) };
}

/** The validating webhook's answer to a virtual machine: its mistakes in KubeVirt's words. */
export function admitVirtualMachine(machine: Json): AdmissionAnswer {
  const template = machine?.spec?.template?.spec;
  if (template === undefined) return { allowed: false, message: 'missing virtual machine template.' };
  const mistakes = [
    ...instanceMistakes(template, 'spec.template.spec'),
    ...strategyMistakes(machine.spec),
    ...templateMistakes(machine.spec),
  ];
  return mistakes.length === 0 ? { allowed: true } : { allowed: false, message: mistakes.join(', ') };
}
