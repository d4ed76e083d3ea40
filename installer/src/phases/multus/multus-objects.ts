import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import type { Bundle } from '#ports/bundle';
import type { KubeObject } from '#ports/cluster';
import { manifestsOf } from '../verbs/manifest.ts';
import { containerOf, type Patch, patched } from '../verbs/patch.ts';
import { multusPaths } from './multus-paths.ts';

/** Upstream's thin plugin, pinned and on the paths of k3s. */
export async function multusObjects(site: Site, bundle: Bundle): Promise<readonly KubeObject[]> {
  return patched(await manifestsOf(bundle, site.catalog.components.multus), onK3s(site));
}

function onK3s(site: Site): Patch {
  const image = site.catalog.components.multus.images[0]?.reference;
  const paths = multusPaths(site);
  return {
    kind: 'DaemonSet',
    name: 'kube-multus-ds',
    why: 'the tag still names the mutable image `snapshot`, the paths of kubeadm, and 50 Mi, with which it is killed (multus-cni#1346)',
    change(daemonSet) {
      const spec: Json = daemonSet.spec.template.spec;
      for (const container of [...spec.containers, ...spec.initContainers]) container.image = image;
      const main = containerOf(daemonSet, 'kube-multus');
      main.args = [...main.args, `--multus-kubeconfig-file-host=${paths.kubeconfig}`];
      main.resources.limits = { ...main.resources.limits, memory: '256Mi' };
      spec.tolerations = [{ operator: 'Exists' }];
      spec.priorityClassName = 'system-node-critical';
      pathOf(spec, 'cni').path = paths.configuration;
      pathOf(spec, 'cnibin').path = paths.binaries;
    },
  };
}

function pathOf(spec: Json, volume: string): Json {
  const found = spec.volumes.find((one: Json) => one.name === volume);
  if (found?.hostPath === undefined) throw new Error(`kube-multus-ds has no path of the host as volume ${volume}`);
  return found.hostPath;
}
