import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { WukongSpec } from '../../../api/wukong.ts';
import { wukongWith } from '../disks/test-storage.ts';
import { pauseWanted } from './pause.ts';

const instance = (phase: string, reason?: string, metadata: Json = {}): KubeObject => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachineInstance',
  metadata: { name: 'press-3-vm', ...metadata },
  status: { phase, conditions: reason === undefined ? [] : [{ type: 'Paused', status: 'True', reason }] },
});
const running = instance('Running');
const paused = instance('Running', 'PausedByUser');

describe('KubeVirt is asked', () => {
  it.for<[string, Partial<WukongSpec>, KubeObject | undefined, string | undefined]>([
    ['to pause what runs', { power: 'Paused' }, running, 'pause'],
    ['nothing when it is paused', { power: 'Paused' }, paused, undefined],
    [
      'nothing when KubeVirt has paused it by itself',
      { power: 'Paused' },
      instance('Running', 'PausedIOError'),
      undefined,
    ],
    ['nothing while there is no instance', { power: 'Paused' }, undefined, undefined],
    ['nothing before it runs', { power: 'Paused' }, instance('Scheduled'), undefined],
    [
      'nothing on its way out',
      { power: 'Paused' },
      instance('Running', undefined, { deletionTimestamp: 'now' }),
      undefined,
    ],
    ['to go on when the switch is on', { power: 'On' }, paused, 'unpause'],
    ['to go on when the switch is gone', {}, paused, 'unpause'],
    [
      'nothing when starting and stopping is left to people',
      { startStrategy: { autoStart: false } },
      paused,
      undefined,
    ],
    [
      'to go on all the same when the switch is on',
      { power: 'On', startStrategy: { runStrategy: 'Manual' } },
      paused,
      'unpause',
    ],
    ['nothing for what KubeVirt has paused', { power: 'On' }, instance('Running', 'PausedIOError'), undefined],
    ['nothing when it runs and is to run', { power: 'On' }, running, undefined],
    ['nothing when it is to be off', { power: 'Off' }, running, undefined],
  ])('%s', ([, spec, vmi, wanted]) => {
    expect(pauseWanted(wukongWith([{ name: 'root', size: '1Gi' }], spec), vmi)).toBe(wanted);
  });
});
