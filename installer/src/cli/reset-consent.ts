import { Fault } from '#engine/fault';
import { quote } from '#engine/quote';
import { type Volume, volumeTarget } from '#phases/reset/cluster/volumes';
import type { Machine } from '#phases/reset/cluster/workloads';
import { machineTarget } from '#phases/reset/cluster/workloads';
import { formatSize } from '#profile/units';

/** What would be lost with the platform. */
export interface Found {
  readonly machines: readonly Machine[];
  readonly volumes: readonly Volume[];
}

/** What the command line names. */
export interface Named {
  readonly machines: readonly string[];
  readonly volumes: readonly string[];
  /** The number of volumes of which all may be lost; whoever has counted wrong knows too little to agree. */
  readonly all: number | undefined;
  readonly keepData: boolean;
}

/** The profile as it was given, and what earlier runs have left half done. */
export interface Given {
  readonly file: string;
  readonly begun: ReadonlySet<string>;
}

/**
 * Targets that may be destroyed, exactly as steps name them. Throws CONSENT-MISSING while anything is not named.
 * `begun` are the targets that an earlier run was about to destroy when it was cut: they were named then.
 */
export function agreedTargets(found: Found, named: Named, site: Given): ReadonlySet<string> {
  const isBegun = (target: string) => site.begun.has(target);
  const machines = found.machines.filter(({ name }) => !named.machines.includes(name) && !isBegun(machineTarget(name)));
  const volumes = named.keepData
    ? []
    : found.volumes.filter((one) => !isNamed(one, found, named) && !isBegun(volumeTarget(one)));
  if (machines.length + volumes.length > 0) throw notAgreed(found, named, { machines, volumes }, site);
  return new Set([
    ...found.machines.map(({ name }) => machineTarget(name)),
    ...(named.keepData ? [] : found.volumes.map(volumeTarget)),
  ]);
}

function isNamed({ name }: Volume, { volumes }: Found, named: Named): boolean {
  return named.volumes.includes(name) || named.all === volumes.length;
}

function notAgreed(found: Found, named: Named, missing: Found, site: Given): Fault {
  const vms = found.machines.flatMap(({ name }) => ['--with-vm', name]);
  const claims = found.volumes.flatMap(({ name }) => ['--with-volume', name]);
  const all = found.volumes.length > 3 ? ['--with-all-volumes', String(found.volumes.length)] : claims;
  const command = ['novasphere', 'reset', site.file];
  return new Fault({
    code: 'CONSENT-MISSING',
    message: `nothing was removed: nobody has agreed to lose ${counts(missing)}`,
    cause:
      mistake(found, named) ??
      'a virtual machine and a volume are only removed when the command line names exactly them',
    evidence: [...missing.machines.map(machineLine), ...missing.volumes.map(volumeLine)].slice(0, 10),
    remedy: named.keepData
      ? [`${quote([...command, '--keep-data', ...vms])}          keeps the data of every volume`]
      : [
          `${quote([...command, '--keep-data', ...vms])}          keeps the data of every volume`,
          `${quote([...command, ...vms, ...all])}          when all of it may be lost`,
        ],
  });
}

/** A wrong name or number says that the command line is about something else than what is there. */
function mistake({ machines, volumes }: Found, named: Named): string | undefined {
  const machine = named.machines.find((name) => !machines.some((one) => one.name === name));
  if (machine !== undefined) return `there is no virtual machine ${machine}`;
  const volume = named.volumes.find((name) => !volumes.some((one) => one.name === name));
  if (volume !== undefined) return `there is no volume ${volume}`;
  if (named.all === undefined || named.all === volumes.length || named.keepData) return undefined;
  const are = volumes.length === 1 ? 'is 1 volume' : `are ${volumes.length} volumes`;
  return `there ${are}, not ${named.all}`;
}

function counts({ machines, volumes }: Found): string {
  const vms = machines.length === 1 ? '1 virtual machine' : `${machines.length} virtual machines`;
  const disks = volumes.length === 1 ? '1 volume' : `${volumes.length} volumes`;
  const size = formatSize(volumes.reduce((sum, one) => sum + one.size, 0));
  return [...(machines.length > 0 ? [vms] : []), ...(volumes.length > 0 ? [`${disks} of ${size}`] : [])].join(' and ');
}

function machineLine({ name, state }: Machine): string {
  return `virtual machine ${name}${state === '' ? '' : `, ${state}`}`;
}

function volumeLine({ name, size, users }: Volume): string {
  const who = users.map(({ metadata }) => metadata.name);
  return `volume ${name}, ${formatSize(size)}${who.length === 0 ? ', used by nobody' : `, used by ${who.join(', ')}`}`;
}
