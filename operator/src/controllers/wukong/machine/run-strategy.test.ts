import { describe, expect, it } from 'vitest';
import type { WukongSpec } from '../../../api/wukong.ts';
import { wukongWith } from '../disks/test-storage.ts';
import { type RunStrategy, runStrategyOf } from './run-strategy.ts';

const of = (more: Partial<WukongSpec>) => runStrategyOf(wukongWith([{ name: 'root', size: '1Gi' }], more));

describe('B18: the run strategy of a machine', () => {
  it.for<[Partial<WukongSpec>, RunStrategy]>([
    [{}, 'Always'],
    [{ power: 'On' }, 'Always'],
    [{ power: 'Paused' }, 'Always'],
    [{ power: 'Off' }, 'Halted'],
    [{ power: 'Off', startStrategy: { runStrategy: 'Always' } }, 'Halted'],
    [{ power: 'Off', startStrategy: { autoStart: true } }, 'Halted'],
    [{ startStrategy: {} }, 'Always'],
    [{ startStrategy: { autoStart: true } }, 'Always'],
    [{ startStrategy: { autoStart: false } }, 'Manual'],
    [{ power: 'On', startStrategy: { autoStart: false } }, 'Always'],
    [{ power: 'Paused', startStrategy: { autoStart: false } }, 'Always'],
    [{ startStrategy: { runStrategy: 'Always' } }, 'Always'],
    [{ startStrategy: { runStrategy: 'RerunOnFailure' } }, 'RerunOnFailure'],
    [{ startStrategy: { runStrategy: 'Manual' } }, 'Manual'],
    [{ power: 'On', startStrategy: { runStrategy: 'Manual' } }, 'Manual'],
    [{ startStrategy: { runStrategy: 'RerunOnFailure', autoStart: false } }, 'RerunOnFailure'],
    [{ power: 'Paused', startStrategy: { runStrategy: 'RerunOnFailure' } }, 'RerunOnFailure'],
    [{ highAvailability: { restartPolicy: 'Always' } }, 'Always'],
    [{ highAvailability: { restartPolicy: 'OnFailure' } }, 'RerunOnFailure'],
    [{ highAvailability: { restartPolicy: 'Never' } }, 'Once'],
    [{ power: 'On', highAvailability: { restartPolicy: 'Never' } }, 'Once'],
    [{ power: 'Off', highAvailability: { restartPolicy: 'Never' } }, 'Halted'],
    [{ startStrategy: { autoStart: true }, highAvailability: { restartPolicy: 'OnFailure' } }, 'RerunOnFailure'],
    [{ startStrategy: { autoStart: false }, highAvailability: { restartPolicy: 'OnFailure' } }, 'Manual'],
    [
      { power: 'On', startStrategy: { autoStart: false }, highAvailability: { restartPolicy: 'OnFailure' } },
      'RerunOnFailure',
    ],
    [{ startStrategy: { runStrategy: 'Manual' }, highAvailability: { restartPolicy: 'OnFailure' } }, 'Manual'],
  ])('of %j is %s', ([more, strategy]) => {
    expect(of(more)).toBe(strategy);
  });
});
