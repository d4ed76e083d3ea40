import { load } from 'js-yaml';
import type { SimulatedMachine } from './simulated-machine.ts';

export const k3sBinary = '/usr/local/bin/k3s';
const file = '/etc/rancher/k3s/config.yaml';

/** What k3s was told; undefined when the file is no YAML mapping, which k3s does not start with. */
export function k3sSettings(machine: SimulatedMachine): Readonly<Record<string, unknown>> | undefined {
  const text = machine.files.read(file);
  if (text === undefined) return {};
  try {
    const settings: unknown = load(text);
    if (settings === null || settings === undefined) return {};
    return typeof settings === 'object' && !Array.isArray(settings) ? (settings as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export function dataDirOf(machine: SimulatedMachine): string {
  const told = k3sSettings(machine)?.['data-dir'];
  return typeof told === 'string' ? told.replace(/\/$/, '') : '/var/lib/rancher/k3s';
}

/** The kubelet's CPU manager policy, from the drop-ins in the order of their names. */
export function cpuManagerPolicy(machine: SimulatedMachine): string {
  const folder = `${dataDirOf(machine)}/agent/etc/kubelet.conf.d`;
  let policy = 'none';
  for (const name of machine.files.list(folder)) {
    const told = load(machine.files.read(`${folder}/${name}`) ?? '') as { cpuManagerPolicy?: unknown } | undefined;
    if (typeof told?.cpuManagerPolicy === 'string') policy = told.cpuManagerPolicy;
  }
  return policy;
}
