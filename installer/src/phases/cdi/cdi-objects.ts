import type { Site } from '#plan/plan';
import type { Bundle } from '#ports/bundle';
import type { KubeObject } from '#ports/cluster';
import { objectsIn } from '../verbs/manifest.ts';
import { type Patch, patched } from '../verbs/patch.ts';
import { isSingle } from '../verbs/site-size.ts';

/** What CDI shall be on this site. */
export async function cdiResource(site: Site, bundle: Bundle): Promise<readonly KubeObject[]> {
  return patched(await objectsIn(bundle, 'manifests/cdi/cdi-cr.yaml'), platform(site));
}

function platform(site: Site): Patch {
  return {
    kind: 'CDI',
    name: 'cdi',
    why: 'scratch space lies on the class that we know; an uninstall that would take no disk with it',
    change({ spec }) {
      spec.uninstallStrategy = 'BlockUninstallIfWorkloadsExist';
      if (site.profile.components.longhorn.enabled)
        spec.config = { ...spec.config, scratchSpaceStorageClass: 'longhorn' };
      if (isSingle(site))
        spec.infra = { ...spec.infra, deploymentReplicas: 1, apiServerReplicas: 1, uploadProxyReplicas: 1 };
    },
  };
}
