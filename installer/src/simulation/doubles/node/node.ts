import type { KubeObject } from '#kube/object';
import { double } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { type PodRunner, podRunner } from './kubelet.ts';
import { type Kubelet, nodeAgent } from './node-agent.ts';
import type { Program } from './program.ts';
import { scheduler } from './scheduler.ts';

/** Kubelets of all machines and the scheduler: what turns a Pod object into running containers. */
export function nodeDouble(programs: readonly Program[]) {
  return double('the nodes', (stage) => {
    const runners = new Map<string, PodRunner>();
    const lookAgain = () => plan?.lookAgain();
    const nodes = stage.follow({ path: kindPath('v1', 'Node'), on: lookAgain });
    const claims = stage.follow({ path: kindPath('v1', 'PersistentVolumeClaim'), on: lookAgain });
    const classes = stage.follow({ path: kindPath('storage.k8s.io/v1', 'StorageClass'), on: lookAgain });
    const plan = stage.bench.realControllers ? undefined : scheduler(stage, () => ({ pods, nodes, claims, classes }));
    const pods = stage.follow({
      path: kindPath('v1', 'Pod'),
      on(change) {
        runners.get(change.object['spec'].nodeName)?.see(change);
        plan?.look(change.object);
        if (change.type === 'DELETED') lookAgain();
      },
    });
    for (const [index, machine] of stage.bench.machines.entries()) {
      const begin = (kubelet: Kubelet) => {
        runners.get(kubelet.node)?.drop();
        runners.set(kubelet.node, podRunner(stage, kubelet, programs, index));
        takeUp(kubelet.node, runners, pods.all());
      };
      stage.spawn(() => nodeAgent(stage, machine, begin));
    }
  });
}

/** A kubelet that has just started looks at every pod of its node. */
function takeUp(node: string, runners: ReadonlyMap<string, PodRunner>, pods: readonly KubeObject[]): void {
  for (const object of pods) if (object['spec'].nodeName === node) runners.get(node)?.see({ type: 'ADDED', object });
}
