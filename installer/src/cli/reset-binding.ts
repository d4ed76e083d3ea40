import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import type { ClusterSight } from '#ports/cluster';
import type { GivenSite } from './site.ts';

const certificate = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: 'novasphere-system',
  name: 'novasphere-certificate',
};

/** A cluster remembers which site it was installed as: the profile of another one must not take it off. */
export async function refuseOtherSite({ profile, file }: GivenSite, cluster: ClusterSight): Promise<void> {
  const { data }: Json = (await cluster.get(certificate)) ?? {};
  const { name } = profile.metadata;
  if (data?.site === undefined || data.site === name) return;
  throw new Fault({
    code: 'CONSENT-MISSING',
    message: `nothing was removed: this cluster is the site ${data.site}, and ${file} is the profile of ${name}`,
    where: ['object ConfigMap novasphere-system/novasphere-certificate'],
    remedy: [`novasphere reset PROFILE          with the profile of ${data.site}`],
  });
}
