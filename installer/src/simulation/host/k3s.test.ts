import { describe, expect, it } from 'vitest';
import { Node } from '#profile/schema';
import { VirtualClock } from '../virtual-clock.ts';
import { defaultInventory } from './default-inventory.ts';
import { machineFrom } from './machine-from.ts';
import { SimulatedHost } from './simulated-host.ts';

const node = Node.parse({ name: 'plant-7-a', network: { management: { match: { mac: '3c:ec:ef:00:00:01' } } } });
const images = ['docker.io/rancher/mirrored-pause:3.6', 'docker.io/rancher/mirrored-coredns-coredns:1.14.4'];
const archive = '/var/lib/rancher/k3s/agent/images/k3s-amd64.tar.zst';
const unit = '[Unit]\n[Service]\nExecStart=/usr/local/bin/k3s server\n[Install]\nWantedBy=multi-user.target\n';

async function ground() {
  const clock = new VirtualClock();
  const machine = machineFrom(defaultInventory(node), {
    clock,
    sourceOf: (source) => ({ sha256: source, size: 1 }),
    imagesOf: (path) => (path === archive ? images.map((reference) => ({ reference })) : []),
  });
  const host = new SimulatedHost(machine);
  const told: string[] = [];
  machine.onUnit((name, what) => told.push(`${name} ${what}`));
  await host.place('/bundle/bin/k3s', '/usr/local/bin/k3s', 0o755);
  await host.place('/bundle/images/k3s-amd64.tar.zst', archive);
  await host.write('/etc/systemd/system/k3s.service', unit);
  await host.run(['systemctl', 'daemon-reload']);
  return { clock, machine, host, told };
}

const list = ['k3s', 'ctr', 'images', 'list', '-q'] as const;

describe('k3s on a simulated machine', () => {
  it('starts, imports its images and lays out its files', async () => {
    const { host, machine, told } = await ground();

    await host.run(['systemctl', 'restart', 'k3s.service']);

    expect((await host.ask(list)).stdout.split('\n')).toEqual([...images].sort());
    expect(await host.look('/etc/rancher/k3s/k3s.yaml')).toMatchObject({ mode: 0o600 });
    const config = await host.read('/var/lib/rancher/k3s/agent/etc/containerd/config.toml');
    expect(config).toContain('bin_dirs = ["/var/lib/rancher/k3s/data/cni"]');
    expect((await host.ask(['ss', '-Hltnup'])).stdout).toMatch(/\*:6443 .*users:\(\("k3s-server"/);
    expect(machine.view().images).toEqual(new Set(images));
    expect(told).toEqual(['k3s.service started']);
  });

  it('can be started without waiting for it', async () => {
    const { host, clock } = await ground();

    await host.run(['systemctl', 'restart', '--no-block', 'k3s.service']);
    expect((await host.ask(['systemctl', 'is-active', 'k3s.service'])).stdout).toBe('activating');
    await clock.sleep(30_000);

    expect((await host.ask(['systemctl', 'is-active', 'k3s.service'])).stdout).toBe('active');
  });

  it('follows the data directory that it is given', async () => {
    const { host } = await ground();
    await host.write('/etc/rancher/k3s/config.yaml', 'data-dir: /data/k3s\n');

    await host.run(['systemctl', 'start', 'k3s']);

    expect(await host.list('/data/k3s/data/cni')).toContain('bridge');
    expect((await host.ask(list)).stdout).toBe('');
  });

  it.each([
    ['its configuration is no YAML', '/etc/rancher/k3s/config.yaml', 'a: [', 'level=fatal msg="yaml:'],
    [
      'the kubelet kept another CPU policy',
      '/var/lib/kubelet/cpu_manager_state',
      '{"policyName":"static"}',
      'differs from state checkpoint',
    ],
  ])('does not start when %s', async (_, path, text, reason) => {
    const { host } = await ground();
    await host.write(path, text);

    await expect(host.run(['systemctl', 'start', 'k3s.service'])).rejects.toThrow('failed with exit code 1');

    expect((await host.ask(['systemctl', 'is-active', 'k3s.service'])).stdout).toBe('failed');
    const journal = await host.ask(['journalctl', '--no-pager', '--unit', 'k3s.service', '--lines', '40']);
    expect(journal.stdout).toContain(reason);
  });

  it('does not start without its binary, or beside somebody on its port', async () => {
    const { host, machine } = await ground();
    machine.listeners.push({ protocol: 'tcp', address: '0.0.0.0', port: 6443, process: 'nginx' });
    await expect(host.run(['systemctl', 'start', 'k3s'])).rejects.toThrow('failed with exit code 1');
    machine.listeners.pop();

    await host.remove('/usr/local/bin/k3s');

    await expect(host.run(['systemctl', 'start', 'k3s'])).rejects.toThrow('failed with exit code 1');
    expect((await host.ask(list)).exitCode).toBe(127);
  });

  it('has torn images after a power cut before a sync, and whole ones after it', async () => {
    const { host, machine, clock } = await ground();
    await host.run(['systemctl', 'enable', '--now', 'k3s.service']);
    machine.powerCut();
    await machine.boot();
    await clock.sleep(60_000);
    expect((await host.ask(list)).stdout.split('\n')).toHaveLength(2);
    expect(machine.view().images.size).toBe(0);

    await host.run(['systemctl', 'stop', 'k3s.service']);
    await host.run(['rm', '-rf', '/var/lib/rancher/k3s/agent/containerd']);
    await host.run(['systemctl', 'start', 'k3s.service']);
    await host.run(['sync']);
    machine.powerCut();
    await machine.boot();

    expect(machine.view().images.size).toBe(2);
  });

  it('lacks an image that no archive holds any more', async () => {
    const { host, machine } = await ground();
    const [pause = ''] = images;
    machine.loseImage(pause);
    await host.run(['systemctl', 'start', 'k3s.service']);
    expect((await host.ask(list)).stdout).toBe(images[1]);

    machine.returnImage(pause);

    expect(machine.view().images).toEqual(new Set(images));
  });
});
