import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { GateTrials } from '../testbed/gate-trials.ts';

describe('the gates of NMState on a real API server', () => {
  let trials: GateTrials;
  beforeAll(async () => {
    trials = await GateTrials.open('nmstate');
  });
  afterAll(() => trials.close());

  /** The links of the node, as NMState sees them. */
  async function links(): Promise<readonly string[]> {
    const ref = { apiVersion: 'nmstate.io/v1beta1', kind: 'NodeNetworkState', name: 'lab-vm' };
    const state: Json = await trials.admin.get(ref);
    return state.status.currentState.interfaces.map(({ name }: Json) => name);
  }

  it('are shut while NetworkManager does not run', async () => {
    const { told, mended } = await trials.under('network-manager-dead', /NetworkManager does not run/);

    expect(told).toMatchInlineSnapshot(`
      "POD-FAILING
      ✖ A pod keeps failing
        container nmstate-handler of Pod nmstate/nmstate-handler-xxxxx keeps failing
        (restarted … times)
        because  NetworkManager does not run on the machine
                 failed checking nmstatectl health: error: command-error failed to
                 execute nmstatectl show: DbusConnectionError:
                 org.freedesktop.DBus.Error.ServiceUnknown: The name
                 org.freedesktop.NetworkManager was not provided by any .service files
        where    object Pod nmstate/nmstate-handler-xxxxx, host lab-vm, step
                 nmstate/handlers
        seen     failed checking nmstatectl health: error: command-error failed to execute nmstatectl show: DbusConnectionError: org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.NetworkManager was not provided by any .service files
        try      systemctl enable --now NetworkManager
                 novasphere apply PROFILE --only host
                   hands the network over to it
      "
    `);
    expect(mended).toBe('done');
  });

  it('are shut while a policy is rolled back', async () => {
    await trials.forget('nmstate/policy');
    const { told, mended } = await trials.under('policy-refused', /never/);

    expect(told).toMatchInlineSnapshot(`
      "COMPONENT-FAILED
      ✖ A component reports that it failed
        NMState could not apply a policy and has rolled it back
        because  FailedToConfigure: 1/1 nodes failed to configure
                 error reconciling NodeNetworkConfigurationPolicy on node lab-vm at
                 desired state apply: "NmstateError: VerificationError: Verification
                 failure: nova-trial1.interface.state desire 'up', current 'down'"
        where    object NodeNetworkConfigurationPolicy novasphere-trial-up, host
                 lab-vm, step nmstate/policy
        try      kubectl get nnce -o yaml  shows what happened on each node
                 systemctl status NetworkManager
                   on the node: NMState works through it
      "
    `);
    expect(mended).toBe('done');
  });

  it.each([/a dummy interface to be made/, /the dummy interface to be removed/])(
    'leave nothing of a policy that was interrupted at %s',
    async (gate) => {
      expect(await trials.interrupted(['nmstate/policy'], gate)).toEqual({
        outcome: 'interrupted',
        left: [],
        again: 'done',
        leftThen: [],
      });
      expect(await links()).not.toContain('nova-trial1');
    },
  );
});
