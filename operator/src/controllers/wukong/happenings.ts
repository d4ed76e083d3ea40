import { refOf } from '#kube/ref';
import type { Condition, WukongStatus } from '../../api/wukong.ts';
import type { Outcome } from './apply.ts';
import type { Happening } from './pass.ts';

const made: Readonly<Record<string, string>> = {
  NetworkAttachmentDefinition: 'NADCreated',
  NodeNetworkConfigurationPolicy: 'PolicyApplied',
  PersistentVolumeClaim: 'VolumeCreated',
  DataVolume: 'VolumeCreated',
  VirtualMachine: 'VMCreated',
  VirtualMachineRestore: 'RestoreStarted',
};

/** What applying has changed. The machine's own settings are told; what is only kept in step is not. */
export function changesTold(outcomes: readonly Outcome[]): readonly Happening[] {
  return outcomes.flatMap(({ object, change }): readonly Happening[] => {
    const name = `${object.kind} ${object.metadata.name}`;
    if (change === 'mended') {
      const note = `${name} had been changed by somebody, and is as the Wukong says again`;
      return [{ type: 'Warning', reason: 'DriftCorrected', note, related: refOf(object) }];
    }
    if (change === 'created' && made[object.kind] !== undefined)
      return [
        { type: 'Normal', reason: made[object.kind] ?? '', note: `${name} has been made`, related: refOf(object) },
      ];
    if (change === 'updated' && object.kind === 'VirtualMachine')
      return [{ type: 'Normal', reason: 'VMUpdated', note: `${name} has been changed`, related: refOf(object) }];
    return [];
  });
}

/** Reasons that somebody should look at, wherever a condition turns to them. */
const alarming = new Set([
  'InvalidSpec',
  'AddressInUse',
  'ShrinkRefused',
  'ImportFailed',
  'NADNotFound',
  'NADConflict',
  'NameConflict',
  'FieldConflict',
  'UplinkRefused',
  'PolicyConflict',
  'PolicyDegraded',
  'UnsupportedNetworkType',
  'MultusNotInstalled',
  'NMStateNotInstalled',
  'StorageClassNotFound',
  'ClaimNotFound',
  'ExpansionUnsupported',
  'MissingDependency',
  'RestartRequired',
  'SSHKeySecretNotFound',
  'VMFailed',
]);

/** What has turned over between two states of a Wukong. */
export function turnsTold(before: WukongStatus | undefined, after: WukongStatus): readonly Happening[] {
  return [...phaseTold(before, after), ...volumesTold(before, after), ...alarms(before, after)];
}

function phaseTold(before: WukongStatus | undefined, { phase, nodeName }: WukongStatus): readonly Happening[] {
  if (phase === before?.phase) return [];
  const where = nodeName === undefined ? '' : ` on ${nodeName}`;
  if (phase === 'Running') return [{ type: 'Normal', reason: 'VMStarted', note: `the machine runs${where}` }];
  if (phase === 'Stopped') return [{ type: 'Normal', reason: 'VMStopped', note: 'the machine has stopped' }];
  return [];
}

function volumesTold(before: WukongStatus | undefined, after: WukongStatus): readonly Happening[] {
  return after.volumes.flatMap(({ name, phase, capacity }): readonly Happening[] => {
    const known = before?.volumes.find((one) => one.name === name);
    if (known === undefined) return [];
    const told: Happening[] = [];
    if (phase === 'Succeeded' && known.phase !== undefined && known.phase !== phase)
      told.push({ type: 'Normal', reason: 'ImportSucceeded', note: `the disk ${name} is filled` });
    if (capacity !== undefined && known.capacity !== undefined && capacity !== known.capacity)
      told.push({ type: 'Normal', reason: 'VolumeExpanded', note: `the disk ${name} has ${capacity} now` });
    return told;
  });
}

/** Each reason once, however many conditions turn to it. */
function alarms(before: WukongStatus | undefined, { conditions }: WukongStatus): readonly Happening[] {
  const fresh = new Map<string, Condition>();
  for (const one of conditions) {
    const known = before?.conditions.find(({ type }) => type === one.type);
    if (one.status === 'True' || !alarming.has(one.reason) || known?.reason === one.reason) continue;
    if (!fresh.has(one.reason)) fresh.set(one.reason, one);
  }
  return [...fresh.values()].map(({ reason, message }) => ({ type: 'Warning', reason, note: message }));
}
