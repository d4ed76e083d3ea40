import { dump, load } from 'js-yaml';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { Bundle } from '#ports/bundle';
import type { KubeObject } from '#ports/cluster';
import { manifestsOf } from '../verbs/manifest.ts';
import { containerOf, oneReplica, type Patch, patched, setEnvironment } from '../verbs/patch.ts';
import { isSingle, volumeReplicas } from '../verbs/site-size.ts';
import { longhornSettings } from './longhorn-settings.ts';

const sidecars = ['ATTACHER', 'PROVISIONER', 'RESIZER', 'SNAPSHOTTER'];

/** Upstream's manifest with what this site needs otherwise. */
export async function longhornObjects(site: Site, bundle: Bundle): Promise<readonly KubeObject[]> {
  const objects = await manifestsOf(bundle, site.catalog.components.longhorn);
  const always = [settings(site), storageClass(site)];
  return patched(objects, ...always, ...(isSingle(site) ? [oneOfEachSidecar, oneUserInterface] : []));
}

function settings(site: Site): Patch {
  return {
    kind: 'ConfigMap',
    name: 'longhorn-default-setting',
    why: 'Longhorn copies its settings from here into objects of kind Setting, at its start and when this changes',
    change({ data }) {
      data['default-setting.yaml'] = changedYaml(data['default-setting.yaml'], (all) => {
        Object.assign(all, longhornSettings(site));
      });
    },
  };
}

function storageClass(site: Site): Patch {
  return {
    kind: 'ConfigMap',
    name: 'longhorn-storageclass',
    why: 'three replicas on fewer nodes leave every volume degraded for ever; parameters of a class never change again',
    change({ data }) {
      data['storageclass.yaml'] = changedYaml(data['storageclass.yaml'], (wanted) => {
        wanted.parameters.numberOfReplicas = String(volumeReplicas(site));
      });
    },
  };
}

const oneOfEachSidecar: Patch = {
  kind: 'Deployment',
  name: 'longhorn-driver-deployer',
  why: 'three of each CSI sidecar on one node are eight pods that guard against nothing',
  change(deployment) {
    const container = containerOf(deployment, 'longhorn-driver-deployer');
    for (const sidecar of sidecars) setEnvironment(container, `CSI_${sidecar}_REPLICA_COUNT`, '1');
  },
};

const oneUserInterface = oneReplica('longhorn-ui', 'one node needs one');

function changedYaml(text: string, change: (value: Json) => void): string {
  const value: Json = text.trim() === '' ? {} : load(text);
  change(value);
  return dump(value, { lineWidth: -1 });
}
