import type { Json } from '#kube/json';
import type { KubeObject } from '#kube/object';
import type { Stage } from './double.ts';
import { pathOf } from './kube-path.ts';

/** The workload as it is now: made when it is not there, and given the images that its operator has now. */
export async function renewed(stage: Stage, wanted: KubeObject): Promise<KubeObject> {
  const there = await stage.api.ensure(wanted);
  if (imagesIn(there) === imagesIn(wanted)) return there;
  const { containers } = wanted['spec'].template.spec;
  const changed = await stage.api.patch(pathOf(wanted), { spec: { template: { spec: { containers } } } });
  return changed ?? there;
}

function imagesIn(workload: KubeObject): string {
  const containers: readonly Json[] = workload['spec'].template.spec.containers;
  return containers.map(({ image }) => image).join(' ');
}
