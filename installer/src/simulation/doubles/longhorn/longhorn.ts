import type { KubeObject } from '#kube/object';
import { double, type Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { isReady } from '../owned-pods.ts';
import type { Shelf } from '../shelf.ts';
import type { WorkQueue } from '../work-queue.ts';
import { deployDriver, registerNode } from './driver.ts';
import { deployEngineImage, deployInstanceManager } from './engine.ts';
import { longhornNodes } from './longhorn-node.ts';
import { NAMESPACE } from './names.ts';
import { makeSettings, makeStorageClass } from './settings.ts';
import { serveVolumes } from './volume.ts';
import { webhooks } from './webhook.ts';

/** Longhorn: what its managers and its driver deployer make once their own pods run. */
export const longhornDouble = double('Longhorn', (stage) => {
  const manager = managerWork(stage, () => readyPods(pods, 'longhorn-manager'));
  const driver = stage.queue(async () => {
    const deployer = readyPods(pods, 'longhorn-driver-deployer')[0];
    if (deployer !== undefined) await deployDriver(stage, deployer);
    for (const pod of readyPods(pods, 'longhorn-csi-plugin')) await registerNode(stage, pod['spec'].nodeName);
  });
  const pods = stage.follow({
    path: kindPath('v1', 'Pod', NAMESPACE),
    on: ({ type, object, before }) => {
      if (type !== 'DELETED' && before !== undefined && isReady(before) === isReady(object)) return;
      const app = appOf(object);
      if (app === 'longhorn-manager') manager.add(app);
      if (app === 'longhorn-driver-deployer' || app === 'longhorn-csi-plugin') driver.add('driver');
    },
  });
  for (const name of ['longhorn-storageclass', 'longhorn-default-setting'])
    stage.follow({
      path: kindPath('v1', 'ConfigMap', NAMESPACE),
      query: { fieldSelector: `metadata.name=${name}` },
      on: () => manager.add('longhorn-manager'),
    });
  serveVolumes(stage);
});

/** What the managers do as soon as one of them is ready, and stop doing when none is. */
function managerWork(stage: Stage, managers: () => KubeObject[]): WorkQueue {
  const nodes = longhornNodes(stage);
  const admission = webhooks(stage);
  const followed = new Set<string>();
  const once = async (what: string, task: () => Promise<void>) => {
    if (followed.has(what)) return;
    await task();
    followed.add(what);
  };
  return stage.queue(async () => {
    const first = managers()[0];
    if (first === undefined) return admission.close();
    await makeSettings(stage);
    await makeStorageClass(stage);
    await admission.open();
    await once('engine image', () => deployEngineImage(stage, first));
    for (const pod of managers()) {
      const node: string = pod['spec'].nodeName;
      await once(`instance manager of ${node}`, () => deployInstanceManager(stage, pod));
      nodes.appear(node);
    }
  });
}

const appOf = (pod: KubeObject): string | undefined => pod.metadata.labels?.['app'];

function readyPods(pods: Shelf, app: string): KubeObject[] {
  return pods.all().filter((pod) => appOf(pod) === app && isReady(pod));
}
