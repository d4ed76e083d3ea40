import type { Json } from '#kube/json';
import type { Stage } from '../double.ts';
import { pathOf } from '../kube-path.ts';
import type { VirtShelves } from './virt-controller.ts';

const LABEL = 'kubevirt.io/outdatedLauncherImage';

/** Counts the machines whose launcher is of an earlier release: they run on as they are, and are told apart. */
export async function tellOutdated(stage: Stage, { kubevirts, instances, deployments }: VirtShelves): Promise<void> {
  const [kubevirt]: readonly Json[] = kubevirts.all();
  const image = launcherImage(deployments.get('virt-controller', 'kubevirt'));
  const progressing = (kubevirt?.status?.conditions ?? []).find((one: Json) => one.type === 'Progressing');
  if (kubevirt?.status?.phase !== 'Deployed' || progressing?.status === 'True' || image === undefined) return;
  const outdated = instances.all().filter((one: Json) => {
    const { phase, launcherContainerImageVersion: own } = one.status ?? {};
    return phase === 'Running' && own !== undefined && own !== image;
  });
  for (const one of outdated)
    if (one.metadata.labels?.[LABEL] === undefined)
      await stage.api.patch(pathOf({ ...one, apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance' }), {
        metadata: { labels: { [LABEL]: '' } },
      });
  if ((kubevirt.status.outdatedVirtualMachineInstanceWorkloads ?? 0) === outdated.length) return;
  const path = pathOf({ ...kubevirt, apiVersion: 'kubevirt.io/v1', kind: 'KubeVirt' });
  await stage.api.patchStatus(path, { outdatedVirtualMachineInstanceWorkloads: outdated.length });
}

/** What new machines are started with. */
export function launcherImage(controller: Json): string | undefined {
  const args: readonly string[] = controller?.spec.template.spec.containers[0].args ?? [];
  const at = args.indexOf('--launcher-image');
  return at === -1 ? undefined : args[at + 1];
}
