import { describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import { bridgePolicy } from './policy.ts';
import { bridgeOfPolicy, policyRemoval, type RemovalSeen } from './policy-removal.ts';

const wish = { bridge: 'br0', uplink: 'ens1', type: 'bridge', nodeSelector: { rack: '1' }, address: 'none' } as const;
const policy = bridgePolicy(wish);
const all: RemovalSeen = { settings: { nmstate: true }, deletionPolicy: 'remove', policy, otherUsers: 0 };
const absent: Json = {
  ...policy['spec'],
  desiredState: { interfaces: [{ name: 'br0', type: 'linux-bridge', state: 'absent' }] },
};
const after = (type: string, reason = ''): KubeObject => ({
  ...policy,
  spec: absent,
  status: { conditions: [{ type, status: 'True', reason }] },
});

describe('the policy of a bridge that nobody uses any more', () => {
  it.for<[string, Partial<RemovalSeen>]>([
    ['by default', { deletionPolicy: 'retain' }],
    ['while the operator leaves host networks alone', { settings: { nmstate: false } }],
    ['while another Wukong uses the bridge', { otherUsers: 1 }],
    ['when it is not there', { policy: undefined }],
    ['when somebody else has made it', { policy: { ...policy, metadata: { name: 'novasphere-br0' } } }],
    [
      'when a node is reached through the bridge',
      { policy: bridgePolicy({ ...wish, address: 'moves and is leased' }) },
    ],
  ])('is left as it is %s', ([, given]) => {
    expect(policyRemoval({ ...all, ...given })).toEqual({ step: 'leave' });
  });

  it('takes the bridge away first, on the same nodes and no others', () => {
    expect(policyRemoval(all)).toEqual({ step: 'apply', object: { ...policy, spec: absent } });
  });

  it('is deleted once NMState says that the bridge is gone', () => {
    const steps = [{ ...policy, spec: absent }, after('Progressing'), after('Available', 'SuccessfullyConfigured')];

    expect(steps.map((one) => policyRemoval({ ...all, policy: one }))).toEqual([
      { step: 'wait', message: 'NMState is taking the bridge of the policy novasphere-br0 away' },
      { step: 'wait', message: 'NMState is taking the bridge of the policy novasphere-br0 away' },
      { step: 'delete', name: 'novasphere-br0' },
    ]);
  });

  it('is deleted when it is for no node', () => {
    expect(policyRemoval({ ...all, policy: after('Ignored', 'NoMatchingNode') })).toEqual({
      step: 'delete',
      name: 'novasphere-br0',
    });
  });

  it('tells who has to help when NMState cannot take the bridge away', () => {
    expect(policyRemoval({ ...all, policy: after('Degraded', 'FailedToConfigure') })).toEqual({
      step: 'wait',
      message: 'NMState could not take the bridge of the policy novasphere-br0 away; delete the policy by hand',
    });
  });

  it('knows its bridge', () => {
    expect(bridgeOfPolicy(policy)).toBe('br0');
  });
});
