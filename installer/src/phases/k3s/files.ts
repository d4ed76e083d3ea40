import { Fault } from '#engine/fault';
import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { render } from '#render/render';
import { yamlFile } from '#render/yaml-file';
import { fileWith } from '../verbs/host-file.ts';
import { stepOf } from '../verbs/host-part.ts';
import { revealed } from '../verbs/revealed.ts';
import { configOf, lacksResolver, resolverOf } from './config.ts';
import { environmentOf } from './environment.ts';
import {
  configFile,
  environmentFile,
  isFirstServer,
  kubeletFile,
  registriesFile,
  resolverFile,
  tokenFile,
  unitFile,
  unitOf,
} from './k3s-site.ts';
import { kubeletOf } from './kubelet.ts';
import { registriesOf } from './registries.ts';

/** The text files of k3s. That they have changed is what `k3s/service` restarts it for. */

const restarting = { restarts: 'k3s' } as const;
const secret = { mode: 0o600, secret: true, ...restarting } as const;

/** How the nodes of a cluster know each other. A single server that is given none makes one for itself and keeps it. */
export function tokenStep(site: Site): Step {
  const { token } = site.profile.cluster.k3s;
  const content = async () => {
    if (token !== undefined) return `${revealed(site, token)}\n`;
    if (isFirstServer(site)) return undefined;
    throw new Fault({
      code: 'PROFILE-SECRET',
      message: `${site.node.name} has to join a cluster, and the profile names no token for that`,
      remedy: [
        'openssl rand -hex 32 > /etc/novasphere/token',
        'set cluster.k3s.token: {fromFile: /etc/novasphere/token}',
      ],
    });
  };
  return stepOf({ id: 'k3s/token', title: 'Write the token of the cluster' }, fileWith(tokenFile, content, secret));
}

export function configStep(site: Site): Step {
  const resolver = lacksResolver(site) ? resolverOf(site) : undefined;
  return stepOf(
    { id: 'k3s/config', title: 'Configure k3s' },
    fileWith(configFile, yamlFile(configOf(site)), { mode: 0o600, ...restarting }),
    fileWith(resolverFile, resolver, restarting),
  );
}

export function registriesStep(site: Site): Step {
  const content = async () => {
    const registries = registriesOf(site);
    return registries === undefined ? undefined : yamlFile(registries);
  };
  return stepOf({ id: 'k3s/registries', title: 'Configure registries' }, fileWith(registriesFile, content, secret));
}

export function kubeletStep(site: Site): Step {
  return stepOf(
    { id: 'k3s/kubelet', title: 'Configure the kubelet' },
    fileWith(kubeletFile(site), yamlFile(kubeletOf(site)), { mode: 0o600, ...restarting }),
  );
}

export function environmentStep(site: Site): Step {
  return stepOf(
    { id: 'k3s/environment', title: 'Give k3s the proxy' },
    fileWith(environmentFile(site), environmentOf(site), { mode: 0o600, ...restarting }),
  );
}

export function unitStep(site: Site): Step {
  const isServer = site.node.role === 'server';
  const content = render('k3s.service', {
    role: site.node.role,
    // A server tells systemd when it is ready, an agent when it has been started (k3s's own install script).
    type: isServer ? 'notify' : 'exec',
    environment: environmentFile(site),
  });
  const after = [['systemctl', 'daemon-reload']] as const;
  return stepOf(
    { id: 'k3s/unit', title: `Write ${unitOf(site)}` },
    fileWith(unitFile(site), content, { after, ...restarting }),
  );
}
