import { Fault } from '#engine/fault';
import { type Act, minute, second } from '#engine/step';
import type { Json } from '#kube/json';
import type { KubeObject } from '#ports/cluster';
import type { Stage } from '#ports/world';
import { allGone } from './all-gone.ts';
import { refOf } from './object-name.ts';
import { applyPatiently } from './objects-applied.ts';
import { trialPod } from './trial.ts';
import { trialNamespaceReady } from './trial-namespace.ts';
import { trialSucceeds } from './trial-succeeds.ts';

/** What has to be taken away on a node that this run reaches through the API alone. */
export interface Errand {
  readonly name: string;
  readonly node: string;
  /** Holds a shell, as busybox does. */
  readonly image: string;
  /** Files on the node, all of them under `directory`. */
  readonly files?: { readonly directory: string; readonly names: readonly string[] };
  /** A network link of the node. */
  readonly link?: string;
}

/**
 * Takes something away on a node by a pod there. It has the network of its machine, so that it starts where the pod
 * network is broken. A Fault when it did not end well; nothing of the pod stays.
 */
export async function runErrand(errand: Errand, stage: Stage, act: Pick<Act, 'waitFor'>): Promise<void> {
  const pod = errandPod(errand);
  await trialNamespaceReady(stage, act);
  await applyPatiently(pod, stage, act);
  try {
    await act.waitFor(
      trialSucceeds({
        title: `a pod on ${errand.node} to take away ${removed(errand).join(', ')}`,
        pod,
        soft: 30 * second,
        hard: 3 * minute,
        failed: (log) => failed(errand, log),
      }),
    );
  } finally {
    await stage.cluster.remove(refOf(pod), { propagation: 'Background' });
  }
  await act.waitFor(allGone([pod]));
}

/** Everything that an errand takes away, as a person on the node would name it. */
export function removed({ files, link }: Errand): readonly string[] {
  const paths = files === undefined ? [] : files.names.map((name) => `${files.directory}/${name}`);
  return [...paths, ...(link === undefined ? [] : [`the link ${link}`])];
}

function errandPod(errand: Errand): KubeObject {
  const { name, node, image, files, link } = errand;
  const annotations = { 'novasphere.dev/removes': removed(errand).join(' ') };
  const pod: Json = trialPod({ kind: 'errand', name, image, script: scriptOf(errand), annotations });
  Object.assign(pod.spec, { nodeName: node, hostNetwork: true, tolerations: [{ operator: 'Exists' }] });
  const [container] = pod.spec.containers;
  if (link !== undefined) container.securityContext = { capabilities: { add: ['NET_ADMIN'] } };
  if (files === undefined) return pod;
  container.volumeMounts = [{ name: 'machine', mountPath: '/machine' }];
  pod.spec.volumes = [{ name: 'machine', hostPath: { path: files.directory, type: 'Directory' } }];
  return pod;
}

function scriptOf({ files, link }: Errand): string {
  const lines = [
    ...(files?.names ?? []).map((name) => `rm -f /machine/${name}`),
    ...(link === undefined ? [] : [`[ ! -e /sys/class/net/${link} ] || ip link delete ${link}`]),
  ];
  return ['set -e', ...lines].join('\n');
}

function failed(errand: Errand, log: readonly string[]): Fault {
  const { node } = errand;
  return new Fault({
    code: 'POD-FAILING',
    message: `a pod on ${node} could not take away ${removed(errand).join(', ')}`,
    cause: log.at(-1) ?? 'the pod printed nothing',
    evidence: log.slice(-5),
    remedy: [`take it away by hand on ${node}, then run the same command again`],
  });
}
