import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from '../double.ts';
import { pathOf } from '../kube-path.ts';
import { longhornPath, newestOf } from './names.ts';
import { settingOf } from './settings.ts';

/** The engine image with which new volumes are made: the newest that is there. */
export async function defaultEngine(stage: Stage): Promise<string | undefined> {
  const images = await stage.api.list(longhornPath('EngineImage'));
  return newestOf(images.items.map((one: Json) => one.spec.image));
}

/** Gives every volume the new engine while it runs, one after the other, where the setting allows it. */
export async function raiseEngines(stage: Stage, image: string): Promise<void> {
  if (Number(await settingOf(stage, 'concurrent-automatic-engine-upgrade-per-node-limit')) <= 0) return;
  if ((await defaultEngine(stage)) !== image) return;
  const volumes = await stage.api.list(longhornPath('Volume'));
  for (const volume of volumes.items.filter((one: Json) => one.spec.image !== image)) {
    const path = `${longhornPath('Volume')}/${volume.metadata.name}`;
    await stage.api.patch(path, { spec: { image } });
    await stage.pause(2);
    await stage.api.patchStatus(path, { currentImage: image });
  }
}

/** An instance manager of an earlier release stays as long as volumes are attached where it is. */
export async function retireInstanceManagers(stage: Stage): Promise<void> {
  const managers: readonly KubeObject[] = (await stage.api.list(longhornPath('InstanceManager'))).items;
  const newest = newestOf(managers.map((one) => one['spec'].image));
  const old = managers.filter((one) => one['spec'].image !== newest);
  if (old.length === 0) return;
  const volumes: readonly Json[] = (await stage.api.list(longhornPath('Volume'))).items;
  const busy = new Set(volumes.map(({ status }) => status?.currentNodeID));
  for (const one of old)
    if (!busy.has(one['spec'].nodeID))
      await stage.api.remove(pathOf({ ...one, apiVersion: 'longhorn.io/v1beta2', kind: 'InstanceManager' }));
}
