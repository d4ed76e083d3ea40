import { describe, expect, it } from 'vitest';
import { Secret } from '#profile/secret';
import { yamlFile } from '#render/yaml-file';
import { exampleProfiles, exampleSite, smallSite } from '../verbs/site-on-paper.ts';
import { configOf } from './config.ts';
import { environmentOf } from './environment.ts';
import { kubeletOf } from './kubelet.ts';
import { registriesOf } from './registries.ts';

const golden = '../../../../test/golden/host';

describe('config.yaml', () => {
  it.each(exampleProfiles)('carries the cluster of %s', async (name) => {
    const site = await exampleSite(name);

    await expect(yamlFile(configOf(site))).toMatchFileSnapshot(`${golden}/k3s-config-${name}.yaml`);
  });

  it('lets the second server of three join the first', async () => {
    const site = await exampleSite('three-node', 1);

    await expect(yamlFile(configOf(site))).toMatchFileSnapshot(`${golden}/k3s-config-three-node-second.yaml`);
  });

  it('keeps only what an agent understands on an agent', async () => {
    const small = await smallSite();
    const agent = { ...small.node, name: 'plant-7-b', role: 'agent' as const };

    const config = configOf({ ...small, node: agent, profile: { ...small.profile, nodes: [small.node, agent] } });

    expect(Object.keys(config)).toEqual([
      'data-dir',
      'node-name',
      'node-ip',
      'flannel-iface',
      'resolv-conf',
      'nonroot-devices',
      'prefer-bundled-bin',
      'server',
    ]);
  });

  it('gives CoreDNS a list of its own where no name server exists', async () => {
    expect(configOf(await smallSite())).toHaveProperty('resolv-conf', '/etc/rancher/k3s/resolv.conf');
  });
});

describe('the kubelet drop-in', () => {
  it.each(exampleProfiles)('carries the CPU manager of %s', async (name) => {
    await expect(yamlFile(kubeletOf(await exampleSite(name)))).toMatchFileSnapshot(`${golden}/kubelet-${name}.yaml`);
  });
});

describe('registries.yaml', () => {
  const registries = {
    mirrors: { 'docker.io': { endpoint: ['https://registry.plant7.example:5000'] } },
    configs: {
      'registry.plant7.example:5000': {
        auth: { username: 'edge', password: { fromEnv: 'REGISTRY_PASSWORD' } },
        tls: { caFile: '/etc/ssl/plant7.pem' },
      },
    },
  };

  it('is not there when the profile says nothing of registries', async () => {
    expect(registriesOf(await smallSite())).toBeUndefined();
  });

  it('holds the password that the run was given', async () => {
    const site = await smallSite({ profile: { cluster: { registries } } });

    const file = registriesOf({ ...site, reveal: () => new Secret('correct horse') });

    await expect(yamlFile(file ?? {})).toMatchFileSnapshot(`${golden}/registries.yaml`);
    expect(configOf(site)).toHaveProperty('disable-default-registry-endpoint', true);
  });

  it('refuses to be made from a secret that nobody has read', async () => {
    const site = await smallSite({ profile: { cluster: { registries } } });

    expect(() => registriesOf(site)).toThrow(
      'a secret of the profile has not been read: environment variable REGISTRY_PASSWORD',
    );
  });
});

describe('the environment of k3s', () => {
  it('never sends the cluster through the proxy', async () => {
    const proxy = { http: 'http://10.7.0.3:3128', noProxy: ['.plant7.example'] };

    const environment = environmentOf(await smallSite({ profile: { host: { proxy } } }));

    expect(environment?.split('\n').at(-2)).toBe(
      'NO_PROXY=localhost,127.0.0.0/8,.svc,.cluster.local,10.42.0.0/16,10.43.0.0/16,10.7.0.10,.plant7.example',
    );
  });
});
