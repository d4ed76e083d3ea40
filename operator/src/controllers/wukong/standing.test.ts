import { expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Phase } from '../../api/wukong.ts';
import type { Verdict } from './plan.ts';
import { type Circumstances, standingOf } from './standing.ts';

interface Seen {
  readonly says?: string;
  readonly instance?: string;
  readonly ready?: boolean;
  readonly vm?: Json;
  readonly vmi?: Json;
  readonly wants?: 'Always' | 'Halted' | 'Manual' | 'Once' | 'RerunOnFailure';
  readonly hopeless?: Verdict;
  readonly waits?: Verdict;
  readonly before?: Phase;
}

const object = (kind: string, status: Json): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'x' },
  status,
});

function circumstances({ says, instance, ready = false, vm, vmi, wants = 'Always', ...about }: Seen): Circumstances {
  const conditions = ready ? [{ type: 'Ready', status: 'True' }] : [];
  return {
    vm: says === undefined ? undefined : object('VirtualMachine', { printableStatus: says || undefined, ...vm }),
    vmi: instance === undefined ? undefined : object('VirtualMachineInstance', { phase: instance, conditions, ...vmi }),
    runStrategy: wants,
    hopeless: about.hopeless,
    waits: about.waits,
    before: about.before,
  };
}

const no = (reason: string, message: string): Verdict => ({ status: 'False', reason, message });
const wrong = no('InvalidSpec', 'spec.networks[lan]: no such bridge');
const disks = no('WaitingForVolumes', 'waiting for root');
const up: Seen = { says: 'Running', instance: 'Running', ready: true };

type Row = readonly [what: string, seen: Seen, phase: Phase, ready: string];

const rows: readonly Row[] = [
  ['a mistake and no machine', { hopeless: wrong, waits: disks }, 'Error', `False InvalidSpec: ${wrong.message}`],
  ['a mistake while it runs', { ...up, hopeless: wrong }, 'Running', 'True VMRunning: the machine runs'],
  ['disks that are not ready', { waits: disks }, 'Creating', 'False WaitingForVolumes: waiting for root'],
  ['everything ready but the machine', {}, 'Creating', 'False VMStarting: the machine is being made'],
  ['a machine that runs', up, 'Running', 'True VMRunning: the machine runs'],
  [
    'a machine that runs and is not ready',
    { says: 'Running', instance: 'Running' },
    'Running',
    'False VMStarting: the machine runs, but is not ready',
  ],
  ['a migration', { ...up, says: 'Migrating' }, 'Running', 'True VMRunning: the machine runs'],
  ['a pause', { says: 'Paused', instance: 'Running' }, 'Running', 'False VMPaused: the machine is paused'],
  ...['Provisioning', 'Starting', 'WaitingForVolumeBinding', 'WaitingForReceiver', 'Stopping', 'Terminating'].map(
    (says): Row => [says, { says }, 'Creating', `False VMStarting: KubeVirt says ${says}`],
  ),
  ...['', 'Pending', 'Scheduling', 'Scheduled', 'WaitingForSync'].map(
    (instance): Row => [
      `an instance that is “${instance}”`,
      { says: '', instance },
      'Creating',
      'False VMStarting: KubeVirt has not said anything yet',
    ],
  ),
  ['nothing between two instances', { says: 'Stopped' }, 'Creating', 'False VMStarting: KubeVirt says Stopped'],
  ...['Stopped', 'Stopping', 'Terminating', ''].map(
    (says): Row => [
      `“${says}”, as asked`,
      { says, wants: 'Halted' },
      'Stopped',
      'False VMStopped: the machine is off, as asked',
    ],
  ),
  [
    'a finished instance, as asked',
    { says: '', instance: 'Succeeded', wants: 'Halted' },
    'Stopped',
    'False VMStopped: the machine is off, as asked',
  ],
  [
    'a machine that runs although it is to be off',
    { ...up, wants: 'Halted' },
    'Running',
    'True VMRunning: the machine runs',
  ],
  [
    'a machine that nobody has started',
    { says: 'Stopped', wants: 'Manual' },
    'Stopped',
    'False VMStopped: the machine is not started by itself: set spec.power to On, or start it by hand',
  ],
  ...(['Once', 'RerunOnFailure'] as const).map(
    (wants): Row => [
      `a guest that has shut down, ${wants}`,
      { says: 'Stopped', instance: 'Succeeded', wants },
      'Stopped',
      'False VMStopped: the guest has shut down by itself',
    ],
  ),
  [
    'nothing yet, RerunOnFailure',
    { says: 'Stopped', wants: 'RerunOnFailure' },
    'Creating',
    'False VMStarting: KubeVirt says Stopped',
  ],
  ...[
    'CrashLoopBackOff',
    'ErrImagePull',
    'ImagePullBackOff',
    'ErrorUnschedulable',
    'ErrorPvcNotFound',
    'DataVolumeError',
  ].map((says): Row => [says, { says }, 'Error', `False VMFailed: KubeVirt says ${says}`]),
  [
    'a failure that KubeVirt explains',
    {
      says: 'ErrorUnschedulable',
      vm: {
        conditions: [{ type: 'Ready', status: 'False', message: '0/1 nodes are available: 1 Insufficient memory.' }],
      },
    },
    'Error',
    'False VMFailed: KubeVirt says ErrorUnschedulable: 0/1 nodes are available: 1 Insufficient memory.',
  ],
  [
    'what keeps its instance from a node',
    {
      says: 'ErrorUnschedulable',
      instance: 'Scheduling',
      vm: { conditions: [{ type: 'Ready', status: 'False', message: 'VMI is missing the Ready condition' }] },
      vmi: {
        conditions: [
          { type: 'PodScheduled', status: 'False', message: '0/1 nodes are available: 1 Insufficient cpu.' },
        ],
      },
    },
    'Error',
    'False VMFailed: KubeVirt says ErrorUnschedulable: 0/1 nodes are available: 1 Insufficient cpu.',
  ],
  [
    'a failed instance',
    { says: 'Stopped', instance: 'Failed' },
    'Error',
    'False VMFailed: KubeVirt says that the instance has failed',
  ],
  ...(
    [
      { says: 'Unknown', instance: 'Running' },
      { says: '', instance: 'Unknown' },
    ] as const
  ).map(
    (lost): Row => [
      `“${lost.says}” with an instance that is ${lost.instance}`,
      lost,
      'Error',
      'Unknown VMStateUnknown: KubeVirt has lost sight of the machine',
    ],
  ),
  [
    'a word of tomorrow',
    { says: 'Hibernated', before: 'Running' },
    'Running',
    'Unknown VMStateUnknown: KubeVirt says Hibernated, which is not known here',
  ],
];

it.for(rows)('tells of %s', ([, seen, phase, told]) => {
  const { phase: found, ready } = standingOf(circumstances(seen));

  expect(found).toBe(phase);
  expect(`${ready.status} ${ready.reason}: ${ready.message}`).toBe(told);
});

it('does not read what it told before where anything is known', () => {
  const phases: readonly Phase[] = ['Pending', 'Creating', 'Running', 'Stopped', 'Error'];
  for (const [, seen, phase] of rows.filter(([, { says }]) => says !== 'Hibernated'))
    for (const before of phases) expect(standingOf(circumstances({ ...seen, before })).phase).toBe(phase);
});
