import { lineOf, versionOf } from '#catalog/version';
import type { Json } from '#kube/json';
import type { Look, Problem } from './problem.ts';

const longhorn = { apiVersion: 'longhorn.io/v1beta2', namespace: 'longhorn-system' } as const;
const show = 'kubectl -n longhorn-system get volumes.longhorn.io';

/** Every volume has all its replicas and an engine of the Longhorn that is installed. */
export function volumesWell(installed: string | undefined): Look {
  return async ({ cluster }) => {
    const volumes: readonly Json[] = await cluster.list({ ...longhorn, kind: 'Volume' });
    return volumes.flatMap((volume) => problemOf(volume, installed) ?? []);
  };
}

function problemOf(volume: Json, installed: string | undefined): Problem | undefined {
  return replicaProblem(volume) ?? engineProblem(volume, installed);
}

function replicaProblem({ metadata, status = {} }: Json): Problem | undefined {
  const { robustness, conditions = [] } = status;
  const name = named(metadata.name, status.kubernetesStatus);
  const remedy = `${show} ${metadata.name} -o yaml`;
  if (robustness === 'faulted') return { sentence: `volume ${name} is faulted: it has no replica that works`, remedy };
  if (robustness !== 'degraded') return undefined;
  const scheduled = conditions.find((one: Json) => one.type === 'Scheduled');
  const why = scheduled?.status === 'False' ? scheduled.message || scheduled.reason : 'a replica is being built';
  return { sentence: `volume ${name} is degraded: ${why}`, remedy, passing: true };
}

function engineProblem({ metadata, spec, status = {} }: Json, installed: string | undefined): Problem | undefined {
  const name = named(metadata.name, status.kubernetesStatus);
  if (spec?.dataEngine === 'v2' && status.state === 'attached')
    return {
      sentence: `volume ${name} is attached, and one of the v2 engine cannot be while Longhorn is upgraded`,
      remedy: 'stop the machine or the pod that uses it',
    };
  const engine: string | undefined = status.currentImage?.split(':').at(-1);
  if (!isOlder(engine, installed)) return undefined;
  return {
    sentence: `volume ${name} still runs engine ${engine}, Longhorn is ${installed}`,
    remedy: `kubectl -n longhorn-system get settings.longhorn.io ${limit}          above 0 they are raised one after the other`,
    passing: true,
  };
}

const limit = 'concurrent-automatic-engine-upgrade-per-node-limit';

function named(volume: string, claim: Json): string {
  return claim?.pvcName ? `${volume} (claim ${claim.namespace}/${claim.pvcName})` : volume;
}

function isOlder(engine: string | undefined, installed: string | undefined): boolean {
  if (versionOf(engine) === undefined || versionOf(installed) === undefined) return false;
  return lineOf(engine as string) !== lineOf(installed as string);
}

/** No backing image has failed on a disk: Longhorn would not start with it. */
export const backingImagesWell: Look = async ({ cluster }) => {
  const images: readonly Json[] = await cluster.list({ ...longhorn, kind: 'BackingImage' });
  return images.flatMap(({ metadata, status }) => {
    const files: readonly Json[] = Object.values(status?.diskFileStatusMap ?? {});
    const failed = files.find(({ state }) => typeof state === 'string' && state.startsWith('failed'));
    if (failed === undefined) return [];
    return [
      {
        sentence: `backing image ${metadata.name} has failed on a disk${failed.message ? `: ${failed.message}` : ''}`,
        remedy: `kubectl -n longhorn-system describe backingimages.longhorn.io ${metadata.name}`,
      },
    ];
  });
};
