import { join } from 'node:path';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '#kube/object';
import { nic, nodeOf, nodeStateOf, press, seenNetworks, wukongOf } from '../../../../../test/fixtures/seen-networks.ts';
import type { Wukong, WukongNetwork } from '../../../api/wukong.ts';
import { bridgeKeys } from './keys.ts';
import { planNetworks } from './plan-networks.ts';
import { policyName } from './policy.ts';

const golden = (name: string) => join(import.meta.dirname, '../../../../../test/golden/operator', name);
const settings = {
  nmstate: true,
  allowedUplinks: ['ens1'],
  nodeSelector: { 'node-role.kubernetes.io/worker': 'true' },
};
const worker = { 'node-role.kubernetes.io/worker': 'true' };
const nodes = [nodeOf('n1', '10.0.0.1', worker), nodeOf('n2', '10.0.0.2', worker), nodeOf('front', '10.0.0.3')];
const nodeStates = ['n1', 'n2'].map((name, at) =>
  nodeStateOf(name, [nic('ens0', `10.0.0.${at + 1}`), nic('ens1')], 'ens0'),
);
const lan: WukongNetwork = { name: 'lan', type: 'bridge', bridgeName: 'br0', physicalInterface: 'ens1' };
type Given = NonNullable<Parameters<typeof seenNetworks>[0]>;
const plan = (wukong: Wukong, given: Given = {}) =>
  planNetworks(wukong, seenNetworks({ nodes, nodeStates, ...given, settings: { ...settings, ...given.settings } }));
const policyOf = (wukong: Wukong, given?: Given) =>
  plan(wukong, given).objects.find((one) => one.kind === 'NodeNetworkConfigurationPolicy');
const users = (...all: readonly Wukong[]) => ({
  usersOf: (bridge: string) => all.filter((one) => bridgeKeys(one).includes(bridge)),
});
const says = (policy: KubeObject | undefined, type: string, reason: string): Given => {
  const status = { conditions: [{ type, status: 'True', reason, message: '1/2 nodes failed to configure' }] };
  return policy === undefined ? {} : { policies: [{ ...policy, status }] };
};

describe('a bridge over a NIC of the nodes', () => {
  it('B10: is a policy that leaves addresses alone and changes one node at a time', async () => {
    const cell: WukongNetwork = { name: 'cell', type: 'ovs', physicalInterface: 'ens1' };
    const objects = [policyOf(press([lan])), policyOf(press([cell]))];

    expect(JSON.stringify(objects)).not.toContain('dhcp');
    await expect(objects.map((one) => dump(one)).join('---\n')).toMatchFileSnapshot(golden('bridge-policies.yaml'));
  });

  it('comes before the attachment to it', () => {
    expect(plan(press([lan])).objects.map(({ kind }) => kind)).toEqual([
      'NodeNetworkConfigurationPolicy',
      'NetworkAttachmentDefinition',
    ]);
  });

  it('is waited for until NMState says that it is there', () => {
    const policy = policyOf(press([lan]));
    const stages = [
      {},
      says(policy, 'Progressing', 'ConfigurationProgressing'),
      says(policy, 'Available', 'SuccessfullyConfigured'),
    ];

    expect(stages.map((one) => plan(press([lan]), one).verdict.reason)).toEqual([
      'PolicyProgressing',
      'PolicyProgressing',
      'NetworksReady',
    ]);
    expect(plan(press([lan])).verdict.message).toBe(
      'network lan: NMState is putting the bridge br0 over ens1 on the nodes',
    );
  });

  it('is not taken for ready by what NMState says of a policy with other content', () => {
    const before = policyOf(press([{ ...lan, type: 'ovs' }]));

    expect(plan(press([lan]), says(before, 'Available', 'SuccessfullyConfigured')).verdict.reason).toBe(
      'PolicyProgressing',
    );
  });

  it('that NMState has rolled back says so, and the policy is not changed for it', () => {
    const policy = policyOf(press([lan]));
    const failed = plan(press([lan]), says(policy, 'Degraded', 'FailedToConfigure'));

    expect(failed.objects[0]).toEqual(policy);
    expect(failed.verdict).toEqual({
      status: 'False',
      reason: 'PolicyDegraded',
      message:
        'network lan: NMState could not put the bridge br0 over ens1 and has taken it back (1/2 nodes failed to configure); look at the NodeNetworkConfigurationEnactments of novasphere-br0',
    });
  });

  it.for<[string, Given]>([
    ['before it is asked for', { settings: { nodeSelector: { rack: '9' } } }],
    ['by NMState’s word', says(policyOf(press([lan])), 'Available', 'NoMatchingNode')],
  ])('that is for no node says so, %s', ([, given]) => {
    expect(plan(press([lan]), given).verdict).toEqual({
      status: 'False',
      reason: 'NoMatchingNode',
      message:
        'network lan: no node has the labels that the bridge br0 is for; correct highAvailability.nodeSelector, or label a node',
    });
  });

  it('B20: is one policy for two Wukongs of one name in two namespaces, which do not fight', () => {
    const other = wukongOf('lab', 'press-3', '2026-04-01T08:00:00Z', [lan]);
    const both = users(press([lan]), other);

    expect(JSON.stringify(policyOf(other, both))).toBe(JSON.stringify(policyOf(press([lan]), both)));
  });

  it('is for the nodes on which all agree', () => {
    const on = (nodeSelector: Record<string, string>) => ({ highAvailability: { nodeSelector } });
    const mine = press([lan], on({ ...worker, rack: '1' }));
    const other = wukongOf('lab', 'oven', '2026-04-01T08:00:00Z', [lan], on({ ...worker, rack: '2' }));

    expect(
      policyOf(mine, { nodes: [nodeOf('n1', '10.0.0.1', { ...worker, rack: '1' })] })?.['spec'].nodeSelector,
    ).toEqual({ ...worker, rack: '1' });
    expect(policyOf(mine, users(mine, other))?.['spec'].nodeSelector).toEqual(worker);
    expect(policyOf(press([lan]), users(other))?.['spec'].nodeSelector).toEqual(settings.nodeSelector);
  });

  it('stays over the NIC of the oldest that has it', () => {
    const older = wukongOf('lab', 'oven', '2026-01-01T08:00:00Z', [{ ...lan, physicalInterface: 'ens2' }]);
    const given = { ...users(older), settings: { allowedUplinks: ['ens1', 'ens2'] } };

    expect(plan(press([lan]), given)).toMatchObject({
      ready: false,
      verdict: {
        reason: 'PolicyConflict',
        message:
          'network lan: the older Wukong lab/oven has br0 over ens2, of the type bridge; say the same, or give another bridgeName',
      },
    });
    expect(plan(press([lan]), users(older)).verdict.reason).toBe('PolicyProgressing');
  });

  it('never takes over a policy that somebody else has made', () => {
    const policy = {
      apiVersion: 'nmstate.io/v1',
      kind: 'NodeNetworkConfigurationPolicy',
      metadata: { name: 'novasphere-br0' },
    };
    const result = plan(press([lan]), { policies: [policy] });

    expect(result.objects.map(({ kind }) => kind)).toEqual(['NetworkAttachmentDefinition']);
    expect(result.verdict).toMatchObject({
      reason: 'PolicyConflict',
      message:
        'network lan: the policy novasphere-br0 was not made by the operator; delete it, or give another bridgeName',
    });
  });

  it('has a policy of its own, however like another its name is', () => {
    const names = ['br0', 'BR0', 'br_0', 'br.0', 'br-0', 'br-0-'].map(policyName);

    expect(new Set(names).size).toBe(names.length);
    expect(names.every((one) => /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(one))).toBe(true);
  });

  it('asks for one policy for two VLANs', () => {
    const two = press([
      { ...lan, name: 'a', vlanId: 2 },
      { ...lan, name: 'b', vlanId: 3 },
    ]);

    expect(plan(two).objects.map(({ kind }) => kind)).toEqual([
      'NodeNetworkConfigurationPolicy',
      'NetworkAttachmentDefinition',
      'NetworkAttachmentDefinition',
    ]);
  });
});
