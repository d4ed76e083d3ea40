import { compareVersions } from '#catalog/version';
import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { Site } from '#plan/plan';
import { type Condition, inOrder, met, unmet } from '../verbs/condition.ts';

const api = { apiVersion: 'cdi.kubevirt.io/v1beta1' };

/** CDI says that it is deployed in the wanted version, and contradicts itself nowhere. */
export function cdiDeployed(version: string): Condition {
  return async (sight) => {
    const resource: Json = await sight.cluster.get({ ...api, kind: 'CDI', name: 'cdi' });
    const { phase, conditions = [], observedVersion, targetVersion } = resource?.status ?? {};
    const of = (type: string) => conditions.find((one: Json) => one.type === type);
    const degraded = of('Degraded');
    const about = { kind: 'CDI', name: 'cdi' };
    if (degraded?.status === 'True') return unmet(`CDI is degraded: ${degraded.message ?? degraded.reason}`, { about });
    if (phase !== 'Deployed') return unmet(`CDI is ${phase ?? 'not begun'}`, { about });
    if (of('Available')?.status !== 'True') return unmet(`CDI is not Available: ${of('Available')?.message ?? ''}`);
    if (of('Progressing')?.status === 'True') return unmet('CDI is being changed');
    if (observedVersion !== version)
      return unmet(
        `CDI is at ${observedVersion ?? 'no version'}, on its way to ${targetVersion}`,
        isNewer(observedVersion, version) ? { blame: downgraded(observedVersion, version) } : {},
      );
    return met(`CDI ${version} is Deployed`);
  };
}

function unprofiled(name: string): Fault {
  const sets = '{"spec":{"claimPropertySets":[{"accessModes":["ReadWriteOnce"],"volumeMode":"Filesystem"}]}}';
  return new Fault({
    code: 'COMPONENT-FAILED',
    message: `CDI does not know how to make disks on StorageClass ${name}`,
    cause: 'its StorageProfile names no access mode: CDI has not looked at the class, or does not know its driver',
    where: [`object StorageProfile ${name}`],
    remedy: [
      `kubectl get storageprofile ${name} -o yaml          what CDI knows of it`,
      'kubectl -n cdi logs deployment/cdi-deployment --tail 20          why it is no more',
      `kubectl patch storageprofile ${name} --type merge -p '${sets}'          tells it`,
    ],
  });
}

function isNewer(observed: string | undefined, wanted: string): observed is string {
  return observed !== undefined && compareVersions(observed, wanted) > 0;
}

/** "operator downgraded, will not reconcile" stands in the log of cdi-operator alone. */
function downgraded(observed: string, wanted: string): Fault {
  return new Fault({
    code: 'COMPONENT-FAILED',
    message: `CDI ${observed} is deployed, and an operator ${wanted} does not go back to an older one`,
    cause: 'CDI never goes down: operator downgraded, will not reconcile',
    where: ['object CDI cdi'],
    remedy: [
      `novasphere apply PROFILE --only cdi --bundle DIR          with the bundle that brought CDI ${observed}`,
      'kubectl -n cdi logs deployment/cdi-operator --tail 20',
    ],
  });
}

/** CDI has found the storage classes and taken over what we want of it. */
export function cdiConfigured(site: Site): Condition {
  const withLonghorn = site.profile.components.longhorn.enabled;
  return withLonghorn ? inOrder(scratchClass('longhorn'), profiled('longhorn')) : scratchClass(undefined);
}

function scratchClass(wanted: string | undefined): Condition {
  return async (sight) => {
    const config: Json = await sight.cluster.get({ ...api, kind: 'CDIConfig', name: 'config' });
    if (config === undefined) return unmet('CDIConfig config does not exist yet');
    const actual = config.status?.scratchSpaceStorageClass;
    if (wanted === undefined) return met('CDI has its configuration');
    if (actual !== wanted) return unmet(`CDI takes ${actual || 'no class'} for scratch space, not ${wanted} yet`);
    return met(`scratch space lies on ${wanted}`);
  };
}

function profiled(name: string): Condition {
  return async (sight) => {
    const profile: Json = await sight.cluster.get({ ...api, kind: 'StorageProfile', name });
    const sets: readonly Json[] = profile?.status?.claimPropertySets ?? [];
    const [first] = sets;
    if (first === undefined) return unmet(`CDI knows nothing of StorageClass ${name} yet`, { blame: unprofiled(name) });
    return met(`CDI uses ${name} with ${(first.accessModes ?? []).join(', ')}, ${first.volumeMode}`);
  };
}
