import { Fault } from '#engine/fault';
import { type Act, type Gate, minute, second } from '#engine/step';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { KubeObject } from '#ports/cluster';
import type { Stage } from '#ports/world';
import { configurationNames } from '../../multus/multus-paths.ts';
import { gate, met, unmet } from '../../verbs/condition.ts';
import { nameOf, refOf } from '../../verbs/object-name.ts';
import { applyPatiently } from '../../verbs/objects-applied.ts';
import { trialImage } from '../../verbs/trial.ts';
import { removeAndWait } from '../removal/gone.ts';
import type { Folders } from './multus.ts';

const namespace = 'kube-system';
const cleanerLabel = 'novasphere.dev/cleaner';

/** A pod on every node that this run has no hands on takes the files of Multus away there. */
export async function cleanNodes(site: Site, folders: Folders, stage: Stage, act: Act): Promise<void> {
  const nodes: readonly Json[] = await stage.cluster.list({ apiVersion: 'v1', kind: 'Node' });
  const here = stage.host.outOfReach === true ? undefined : stage.host.name;
  const others = nodes.filter(({ metadata, status }) => metadata.name !== here && isReady(status));
  if (others.length === 0) return;
  const pods = others.map(({ metadata }) => cleaner(metadata.name, site, folders));
  const left = await Promise.all(pods.map((pod) => stage.cluster.get(refOf(pod))));
  const earlier = left.filter((pod) => pod !== undefined);
  if (earlier.length > 0) await removeAndWait(earlier, stage, act);
  for (const pod of pods) await applyPatiently(pod, stage, act);
  await act.waitFor(cleaned(pods, folders));
  const made = await Promise.all(pods.map((pod) => stage.cluster.get(refOf(pod))));
  await removeAndWait(
    made.filter((pod) => pod !== undefined),
    stage,
    act,
  );
}

function isReady(status: Json): boolean {
  return (status?.conditions ?? []).some((one: Json) => one.type === 'Ready' && one.status === 'True');
}

/** In the network of the node: the one of pods is what is being mended. */
function cleaner(node: string, { catalog }: Site, { configuration, binaries }: Folders): KubeObject {
  const files = [...configurationNames.map((name) => `/host/net.d/${name}`), '/host/bin/multus'];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `novasphere-cleaner-${node}`, namespace, labels: { [cleanerLabel]: 'multus' } },
    spec: {
      nodeName: node,
      hostNetwork: true,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
      containers: [
        {
          name: 'cleaner',
          image: trialImage(catalog),
          imagePullPolicy: 'IfNotPresent',
          command: ['sh', '-c', `rm -rf ${files.join(' ')} /host/net.d/multus.d`],
          volumeMounts: [
            { name: 'configuration', mountPath: '/host/net.d' },
            { name: 'binaries', mountPath: '/host/bin' },
          ],
        },
      ],
      volumes: [
        { name: 'configuration', hostPath: { path: configuration } },
        { name: 'binaries', hostPath: { path: binaries } },
      ],
    },
  };
}

function cleaned(pods: readonly KubeObject[], folders: Folders): Gate {
  const about = { title: 'the files of Multus to be gone from the other nodes', soft: 1 * minute, hard: 5 * minute };
  let waiting: KubeObject | undefined;
  const gone = gate({ ...about, every: 5 * second }, async ({ cluster }) => {
    for (const pod of pods) {
      waiting = pod;
      const live: Json = await cluster.get(refOf(pod));
      const phase: string = live?.status?.phase ?? 'absent';
      if (phase !== 'Succeeded') return unmet(`${nameOf(pod)} is ${phase}`);
    }
    return met(...pods.map(({ spec }: Json) => `${spec.nodeName}: no file of Multus any more`));
  });
  return { ...gone, explain: async () => byHand(waiting as Json, folders) };
}

function byHand({ spec, metadata }: Json, { configuration, binaries }: Folders): Fault {
  return new Fault({
    code: 'POD-FAILING',
    message: `the files of Multus could not be taken away on ${spec.nodeName}`,
    cause: 'the pod that should have done it has not come to its end',
    where: [`object Pod ${namespace}/${metadata.name}`],
    remedy: [
      `rm -rf ${configuration}/00-multus.conf* ${configuration}/multus.d ${binaries}/multus          on ${spec.nodeName}`,
      'then run the same command again',
    ],
  });
}
