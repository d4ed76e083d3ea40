import type { Site } from '#plan/plan';
import type { Bundle } from '#ports/bundle';
import type { KubeObject } from '#ports/cluster';
import { manifestsOf } from '../verbs/manifest.ts';
import { oneReplica, patched } from '../verbs/patch.ts';
import { isSingle } from '../verbs/site-size.ts';

/** Our operator as this site shall have it. */
export async function operatorObjects(site: Site, bundle: Bundle): Promise<readonly KubeObject[]> {
  const objects = await manifestsOf(bundle, site.catalog.components.operator);
  return isSingle(site) ? patched(objects, oneOperator) : objects;
}

const oneOperator = oneReplica(
  'wukong-operator',
  'the second one waits for the first to fail, which on one node fails with it',
);
