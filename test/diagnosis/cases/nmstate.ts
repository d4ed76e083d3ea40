import type { Json } from '#kube/json';
import type { Case } from '../case.ts';
import type { Scene } from '../scene.ts';
import { crashing } from '../states.ts';

async function handlerSays(scene: Scene, text: string): Promise<void> {
  await scene.node();
  const pod = await scene.workload('DaemonSet', 'nmstate', 'nmstate-handler', {
    labels: { component: 'kubernetes-nmstate-handler' },
  });
  await scene.podStatus(pod, crashing('nmstate-handler'));
  scene.says(pod, 'nmstate-handler', text);
}

const handler = (id: number, name: string, text: string): Case => ({
  ids: [id],
  name,
  build: (scene) => handlerSays(scene, text),
});

const bridge = { name: 'br-lan', type: 'linux-bridge', state: 'up', bridge: { port: [{ name: 'lan0' }] } };

/** A policy on node-a and how far it has come there. */
async function policy(scene: Scene, type: 'Failing' | 'Progressing', reason: string, message: string): Promise<void> {
  const desiredState = { interfaces: [bridge] };
  const conditions = (some: readonly Json[]) =>
    some.map((one) => ({ ...one, lastHeartbeatTime: scene.time(), lastTransitionTime: scene.time(60) }));
  await scene.make(
    {
      apiVersion: 'nmstate.io/v1',
      kind: 'NodeNetworkConfigurationPolicy',
      metadata: { name: 'lan' },
      spec: { desiredState },
    },
    {
      conditions:
        type === 'Failing'
          ? conditions([
              {
                type: 'Degraded',
                status: 'True',
                reason: 'FailedToConfigure',
                message: '1/1 nodes failed to configure',
              },
            ])
          : [],
    },
  );
  const labels = { 'nmstate.io/node': 'node-a', 'nmstate.io/policy': 'lan' };
  await scene.make(
    {
      apiVersion: 'nmstate.io/v1beta1',
      kind: 'NodeNetworkConfigurationEnactment',
      metadata: { name: 'node-a.lan', labels },
    },
    { desiredState, conditions: conditions([{ type, status: 'True', reason, message }]) },
  );
}

export const nmstateCases: readonly Case[] = [
  handler(
    48,
    'network-manager-down',
    '{"level":"error","ts":"2026-11-21T06:00:00Z","logger":"setup","msg":"failed checking nmstatectl health","error":"DbusConnectionError: org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.NetworkManager was not provided by any .service files"}',
  ),
  {
    ids: [49],
    name: 'interface-unmanaged',
    async build(scene) {
      await scene.node();
      await policy(
        scene,
        'Failing',
        'FailedToConfigure',
        "error reconciling NodeNetworkConfigurationPolicy on node node-a at desired state apply: VerificationError: Verification failure: br-lan.interface.bridge.port desire '[\"lan0\"]', current '[]'",
      );
      const interfaces = [{ name: 'lan0', type: 'ethernet', state: 'ignore' }];
      await scene.make(
        { apiVersion: 'nmstate.io/v1beta1', kind: 'NodeNetworkState', metadata: { name: 'node-a' } },
        { currentState: { interfaces } },
      );
    },
  },
  handler(
    50,
    'kernel-too-old-for-nmstate',
    '[2026-11-21T06:00:00Z ERROR] Failed to set socket option NETLINK_GET_STRICT_CHK: error Protocol not available (os error 92)',
  ),
  {
    ids: [51],
    name: 'network-policy-rolled-back',
    async build(scene) {
      await scene.node();
      await policy(
        scene,
        'Failing',
        'FailedToConfigure',
        "error reconciling NodeNetworkConfigurationPolicy on node node-a at desired state apply: rolling back desired state configuration: failed runnig probes after network changes: failed to run probe 'ping' with after network reconfiguration -> error: failed to retrieve default gw",
      );
    },
  },
  {
    ids: [52],
    name: 'network-policy-cut-the-node-off',
    async build(scene) {
      await scene.node('node-a', [['Ready', 'Unknown', 'NodeStatusUnknown', 'Kubelet stopped posting node status.']]);
      await policy(scene, 'Progressing', 'ConfigurationProgressing', 'Applying desired state');
      await scene.workload('Deployment', 'default', 'shop');
    },
  },
  handler(
    53,
    'network-manager-too-old',
    '[2026-11-21T06:00:00Z WARN  nmstate::nm::query_apply] Unsupported NetworkManager version 1.36.6, expecting >= 1.40',
  ),
];
