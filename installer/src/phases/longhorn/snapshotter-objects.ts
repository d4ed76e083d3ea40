import type { Site } from '#plan/plan';
import type { Bundle } from '#ports/bundle';
import type { KubeObject } from '#ports/cluster';
import { manifestsOf } from '../verbs/manifest.ts';
import { containerOf, type Patch, patched } from '../verbs/patch.ts';
import { isSingle } from '../verbs/site-size.ts';

/** The definitions without which snapshot-controller exits. */
export const snapshotDefinitions = ['volumesnapshotclasses', 'volumesnapshotcontents', 'volumesnapshots'].map(
  (plural) => `${plural}.snapshot.storage.k8s.io`,
);

export async function snapshotterObjects(site: Site, bundle: Bundle): Promise<readonly KubeObject[]> {
  const component = site.catalog.components.snapshotter;
  const controller: Patch = {
    kind: 'Deployment',
    name: 'snapshot-controller',
    why: 'the manifest of tag v8.6.0 names the image of v8.5.0; a second replica has no node of its own, and one alone hands nothing over for which it would be waited',
    change(deployment) {
      containerOf(deployment, 'snapshot-controller').image = component.images[0]?.reference;
      if (!isSingle(site)) return;
      deployment.spec.replicas = 1;
      deployment.spec.minReadySeconds = 0;
    },
  };
  return patched(await manifestsOf(bundle, component), controller);
}
