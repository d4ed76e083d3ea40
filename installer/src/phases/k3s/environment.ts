import type { Site } from '#plan/plan';
import { hostOf } from '#profile/host-of';
import { render } from '#render/render';

/** The proxy for k3s and its containerd; undefined without one. The cluster itself is never reached through it. */
export function environmentOf({ profile, node }: Site): string | undefined {
  const { proxy } = hostOf(profile, node);
  if (proxy === null) return undefined;
  const { clusterCidr, serviceCidr } = profile.cluster.k3s;
  const nodes = profile.nodes.flatMap(({ network }) =>
    (network.management.addresses ?? []).map((one) => one.split('/')[0]),
  );
  const inside = ['localhost', '127.0.0.0/8', '.svc', '.cluster.local', clusterCidr, serviceCidr, ...nodes];
  return render('k3s.env', {
    http: proxy.http,
    https: proxy.https ?? proxy.http,
    noProxy: [...new Set([...inside, ...proxy.noProxy])].join(','),
  });
}
