import { describe, expect, it } from 'vitest';
import { nadOf, press, seenNetworks } from '../../../../../test/fixtures/seen-networks.ts';
import type { WukongNetwork } from '../../../api/wukong.ts';
import { planNetworks } from './plan-networks.ts';
import type { NetworksSeen } from './seen.ts';

const verdictOf = (network: WukongNetwork, seen: NetworksSeen) => {
  const plan = planNetworks(press([network]), seen);
  return { ready: plan.ready, ...plan.verdict };
};

describe('B12: a machine is not made without one of its NICs', () => {
  it('when the attachment that is named is not there', () => {
    expect(verdictOf({ name: 'lan', nadName: 'vlan-12' }, seenNetworks())).toMatchInlineSnapshot(`
      {
        "message": "network lan: the NetworkAttachmentDefinition plant/vlan-12 is not there; make it, or correct nadName",
        "ready": false,
        "reason": "NADNotFound",
        "status": "False",
      }
    `);
  });

  it('when it is sought in another namespace', () => {
    const seen = seenNetworks({ nads: [nadOf('vlan-12')] });

    expect(verdictOf({ name: 'lan', nadName: 'shared/vlan-12' }, seen).message).toContain(
      ' shared/vlan-12 is not there',
    );
  });

  it('when Multus is not installed', () => {
    const seen = seenNetworks({ serves: { nad: false, nncp: false } });

    expect(verdictOf({ name: 'lan', type: 'bridge' }, seen)).toMatchInlineSnapshot(`
      {
        "message": "network lan: Multus, which attaches machines to networks other than the pod network, is not installed; install it, or use the network default alone",
        "ready": false,
        "reason": "MultusNotInstalled",
        "status": "False",
      }
    `);
  });

  it('when a macvlan network finds no binding macvtap', () => {
    const network: WukongNetwork = { name: 'line', type: 'macvlan', physicalInterface: 'ens2' };

    expect(verdictOf(network, seenNetworks())).toMatchInlineSnapshot(`
      {
        "message": "network line: a macvlan attachment cannot carry a machine, because it drops the frames of every MAC address but the pod’s; the type stands for macvtap here, for which KubeVirt has no binding; install the macvtap-cni device plugin and register macvtap under spec.configuration.network.binding of the KubeVirt object, or use the type bridge",
        "ready": false,
        "reason": "UnsupportedNetworkType",
        "status": "False",
      }
    `);
  });

  it('when an attachment that is named is a macvlan one, which no binding helps', () => {
    const seen = seenNetworks({ bindings: ['macvtap'], nads: [nadOf('mv', { type: 'macvlan' })] });

    expect(verdictOf({ name: 'line', nadName: 'mv' }, seen)).toMatchInlineSnapshot(`
      {
        "message": "network line: a macvlan attachment cannot carry a machine, because it drops the frames of every MAC address but the pod’s; use an attachment of the type macvtap or bridge",
        "ready": false,
        "reason": "UnsupportedNetworkType",
        "status": "False",
      }
    `);
  });

  it('and says that an uplink is not acted upon while the operator leaves host networks alone', () => {
    const network: WukongNetwork = { name: 'lan', type: 'bridge', physicalInterface: 'ens1' };

    expect(verdictOf(network, seenNetworks())).toMatchInlineSnapshot(`
      {
        "message": "every network is ready; network lan: physicalInterface ens1 is not acted upon, because the operator runs without NMState: the bridge br-lan has to be on the nodes already",
        "ready": true,
        "reason": "NetworksReady",
        "status": "True",
      }
    `);
  });
});
