import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '#catalog/load-catalog';
import { fakeStage, siteOf } from '../../verbs/fake-stage.ts';
import { removableIn } from './nmstate-interfaces.ts';

const site = siteOf(await loadCatalog(resolve(import.meta.dirname, '../../../../..')));
const policy = (...interfaces: readonly object[]) => ({ spec: { desiredState: { interfaces } } });

function cluster() {
  const stage = fakeStage();
  stage.cluster.put(
    {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'plant-7-a' },
      status: { addresses: [{ type: 'InternalIP', address: '10.7.0.10' }] },
    },
    {
      apiVersion: 'nmstate.io/v1beta1',
      kind: 'NodeNetworkState',
      metadata: { name: 'plant-7-a' },
      status: {
        currentState: {
          interfaces: [
            {
              name: 'br-mgmt',
              type: 'linux-bridge',
              ipv4: { address: [{ ip: '10.7.0.10', 'prefix-length': 24 }] },
              bridge: { port: [{ name: 'bond0' }] },
            },
            { name: 'br-vms', type: 'linux-bridge' },
          ],
        },
      },
    },
  );
  return stage.cluster;
}

describe('what a reset takes back of a network policy', () => {
  it('is what exists only because of it', async () => {
    const made = policy(
      { name: 'br-vms', type: 'linux-bridge', state: 'up' },
      { name: 'lan0.7', type: 'vlan', state: 'up' },
    );

    expect(await removableIn(made, site, cluster())).toEqual(['br-vms', 'lan0.7']);
  });

  it('is never hardware, and never what carries the address of the node', async () => {
    const made = policy(
      { name: 'lan0', type: 'ethernet', state: 'up' },
      { name: 'br-mgmt', type: 'linux-bridge', state: 'up' },
      { name: 'bond0', type: 'bond', state: 'up' },
    );

    expect(await removableIn(made, site, cluster())).toEqual([]);
  });

  it('is nothing that was taken back before', async () => {
    expect(
      await removableIn(policy({ name: 'br-vms', type: 'linux-bridge', state: 'absent' }), site, cluster()),
    ).toEqual([]);
  });
});
