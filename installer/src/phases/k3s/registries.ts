import type { Site } from '#plan/plan';
import { revealed } from '../verbs/revealed.ts';

/** registries.yaml (docs.k3s.io/installation/private-registry); undefined when the profile says nothing of registries. */
export function registriesOf(site: Site): object | undefined {
  const { mirrors, configs } = site.profile.cluster.registries;
  if (mirrors === undefined && configs === undefined) return undefined;
  const hosts = Object.entries(configs ?? {}).map(([host, { auth, tls }]) => [
    host,
    {
      ...(auth === undefined ? {} : { auth: { username: auth.username, password: revealed(site, auth.password) } }),
      ...(tls === undefined
        ? {}
        : {
            tls: {
              ...(tls.caFile === undefined ? {} : { ca_file: tls.caFile }),
              insecure_skip_verify: tls.insecureSkipVerify,
            },
          }),
    },
  ]);
  return {
    ...(mirrors === undefined ? {} : { mirrors }),
    ...(configs === undefined ? {} : { configs: Object.fromEntries(hosts) }),
  };
}
