import type { Json } from '#kube/json';
import type { Machine } from '../../bench.ts';
import type { Stage } from '../double.ts';
import type { K3sConfig } from '../k3s/k3s-config.ts';
import { nodeConditions, nodeFacts, nodeObject, type Readiness } from './node-object.ts';

/** What a kubelet writes about its node. */
export interface NodeReport {
  /** Says what this boot is, and that the network is not up yet. */
  starting(): Promise<void>;
  /** Looks whether the node is well; writes when that changed or when told to. True when it wrote. */
  look(write: boolean): Promise<boolean>;
  /** The kubelet has fallen silent: after the grace period the control plane says so. */
  lost(): Promise<void>;
}

const NOT_READY = 'node.kubernetes.io/not-ready';
/** --node-monitor-grace-period of Kubernetes 1.35. */
const GRACE_SECONDS = 50;

const READY: Readiness = { status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' };
const NO_NETWORK: Readiness = {
  status: 'False',
  reason: 'KubeletNotReady',
  message:
    'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
};
const NO_RUNTIME: Readiness = {
  status: 'False',
  reason: 'KubeletNotReady',
  message: 'PLEG is not healthy: pleg was last seen active 3m12s ago; threshold is 3m0s',
};
const SILENT: Readiness = {
  status: 'Unknown',
  reason: 'NodeStatusUnknown',
  message: 'Kubelet stopped posting node status.',
};

export function nodeReport(stage: Stage, machine: Machine, config: K3sConfig): NodeReport {
  const path = `/api/v1/nodes/${config.nodeName}`;
  let last: Readiness | undefined;
  const write = async (ready: Readiness, facts: Json) => {
    last = ready;
    const node = await stage.api.get(path);
    const conditions = nodeConditions(ready, stage.now(), node?.['status']?.conditions ?? []);
    await stage.api.patchStatus(path, { ...facts, conditions });
    if (stage.bench.realControllers) return;
    await taint(stage, path, node?.['spec']?.taints ?? [], ready.status !== 'True');
  };
  return {
    async starting() {
      await stage.api.patch(path, { metadata: nodeObject(machine, config).metadata });
      await write(NO_NETWORK, nodeFacts(machine, config));
    },
    async look(anyway) {
      const now = stage.bench.troubles.has('node-not-ready', config.nodeName) ? NO_RUNTIME : READY;
      if (now === last && !anyway) return false;
      const { images } = nodeFacts(machine, config);
      await write(now, { images });
      return true;
    },
    async lost() {
      await stage.pause(GRACE_SECONDS);
      await write(SILENT, {});
    },
  };
}

/** The node lifecycle controller's part: pods stay away from a node that is not ready. */
async function taint(stage: Stage, path: string, taints: readonly Json[], on: boolean): Promise<void> {
  if (taints.some((one) => one.key === NOT_READY) === on) return;
  const others = taints.filter((one) => one.key !== NOT_READY);
  await stage.api.patch(path, {
    spec: { taints: on ? [{ key: NOT_READY, effect: 'NoSchedule' }, ...others] : others },
  });
}
