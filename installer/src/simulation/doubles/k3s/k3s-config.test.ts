import { describe, expect, it } from 'vitest';
import { testMachine } from '../test-machine.ts';
import { k3sConfig } from './k3s-config.ts';

describe('what k3s was told', () => {
  it('is its defaults where nothing is written', () => {
    expect(k3sConfig(testMachine())).toMatchObject({
      dataDir: '/var/lib/rancher/k3s',
      nodeName: 'plant-7-a',
      server: true,
      etcd: false,
      clusterCidr: '10.42.0.0/16',
      clusterDns: '10.43.0.10',
    });
  });

  it('is config.yaml, then config.yaml.d in the order of names, where a plus adds', () => {
    const machine = testMachine();
    machine.write(
      '/etc/rancher/k3s/config.yaml',
      'data-dir: /data/k3s/\ndisable: [traefik]\nservice-cidr: 10.96.0.0/16\n',
    );
    machine.write(
      '/etc/rancher/k3s/config.yaml.d/10-more.yaml',
      'disable+: local-storage,servicelb\ncluster-init: true\n',
    );
    machine.write('/etc/rancher/k3s/config.yaml.d/20-name.yaml', 'node-name: Plant\n');
    machine.write('/etc/rancher/k3s/config.yaml.d/README', 'data-dir: /nowhere\n');

    const config = k3sConfig(machine);
    expect(config).toMatchObject({ dataDir: '/data/k3s', nodeName: 'plant', etcd: true, clusterDns: '10.96.0.10' });
    expect([...config.disabled]).toEqual(['traefik', 'local-storage', 'servicelb']);
  });
});
