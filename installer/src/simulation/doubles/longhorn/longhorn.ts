import type { KubeObject } from '#kube/object';
import { double, type Stage } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { isReady } from '../owned-pods.ts';
import type { Shelf } from '../shelf.ts';
import type { WorkQueue } from '../work-queue.ts';
import { departures } from './departure.ts';
import { deployDriver, registerNode } from './driver.ts';
import { deployEngineImage, deployInstanceManager } from './engine.ts';
import { retireInstanceManagers } from './engine-upgrade.ts';
import { longhornNodes } from './longhorn-node.ts';
import { NAMESPACE, newestOf, tagOf } from './names.ts';
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
  stage.bench.troubles.onChange?.(() => driver.add('driver'), stage.bench.signal);
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
  const lives = () => managers().length > 0;
  const nodes = longhornNodes(stage, lives);
  const leaving = departures(stage, lives);
  const admission = webhooks(stage);
  const followed = new Set<string>();
  const once = async (what: string, task: () => Promise<void>) => {
    if (followed.has(what)) return;
    await task();
    followed.add(what);
  };
  return stage.queue(async () => {
    const first = newestPod(managers());
    if (first === undefined) return admission.close();
    // Its own objects pass its own webhooks, also when it starts again.
    await admission.open();
    leaving.lookAgain();
    await makeSettings(stage, tagOf(imageIn(first)));
    await makeStorageClass(stage);
    await once(`engine image of ${imageIn(first)}`, () => deployEngineImage(stage, first));
    for (const pod of managers()) {
      const node: string = pod['spec'].nodeName;
      await once(`instance manager of ${imageIn(pod)} on ${node}`, () => deployInstanceManager(stage, pod, lives));
      nodes.appear(node);
    }
    await retireInstanceManagers(stage);
  });
}

const appOf = (pod: KubeObject): string | undefined => pod.metadata.labels?.['app'];

const imageIn = (pod: KubeObject): string => pod['spec'].containers[0].image;

/** While the managers are replaced there are two releases of them. */
function newestPod(pods: readonly KubeObject[]): KubeObject | undefined {
  const newest = newestOf(pods.map(imageIn));
  return pods.find((pod) => imageIn(pod) === newest);
}

function readyPods(pods: Shelf, app: string): KubeObject[] {
  return pods.all().filter((pod) => appOf(pod) === app && isReady(pod));
}
