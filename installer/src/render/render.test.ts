import { describe, expect, it } from 'vitest';
import { render } from './render.ts';
import { line, sh, yaml } from './words.ts';

const golden = '../../../test/golden/render';

describe('words of a template', () => {
  it('refuses a value that would begin a line of its own', () => {
    expect(() => line('mgmt0\nName=other')).toThrow('a value that must be one line holds a line break');
    expect(() => sh('a\rb')).toThrow('line break');
  });

  it('refuses a value that is not there', () => {
    expect(() => line(undefined)).toThrow('a template asks for a value that is not there');
    expect(() => yaml(undefined)).toThrow('not there');
    expect(() => sh(null)).toThrow('a template asks for a value that is object');
  });

  it('quotes for a shell and for YAML', () => {
    expect(sh("it's")).toBe(String.raw`'it'\''s'`);
    expect(yaml('no: "yes"\n')).toBe(String.raw`"no: \"yes\"\n"`);
    expect(yaml(7)).toBe('7');
  });
});

describe('templates', () => {
  const filled = [
    ['apt-proxy.conf', { http: 'http://10.7.0.3:3128', https: 'http://10.7.0.3:3129' }],
    ['apt-updates.conf', {}],
    ['chrony.conf', { servers: ['10.7.0.2', 'ntp.plant7.example'] }],
    ['chrony.conf without servers', { servers: [] }],
    ['cloud-init-network.cfg', {}],
    ['grub.cfg', { words: 'hugepagesz=1G hugepages=8 intel_iommu=on iommu=pt' }],
    ['k3s.env', { http: 'http://10.7.0.3:3128', https: 'http://10.7.0.3:3128', noProxy: 'localhost,10.42.0.0/16' }],
    ['k3s.service', { role: 'server', type: 'notify', environment: '/etc/systemd/system/k3s.service.env' }],
    [
      'k3s.service of an agent',
      { role: 'agent', type: 'exec', environment: '/etc/systemd/system/k3s-agent.service.env' },
    ],
    ['keyboard', { layout: 'de' }],
    ['kvm.conf', { module: 'kvm_intel' }],
    ['multipath-with-san.conf', {}],
    ['multipath.conf', {}],
    ['needrestart.conf', {}],
    ['nic.link', { mac: '3c:ec:ef:00:00:01', name: 'mgmt0' }],
    ['nm-managed.conf', {}],
    ['nm-unmanaged.conf', {}],
    ['novasphere-resume.service', { command: '/usr/local/bin/novasphere apply /etc/novasphere/profile.yaml --yes' }],
    ['resolved.conf', { servers: '10.7.0.2 10.7.0.3', search: 'plant7.example' }],
    ['resolved.conf without search', { servers: '10.7.0.2', search: '' }],
  ] as const;

  it.each(filled)('fills %s', async (name, values) => {
    const text = render(name.split(' ')[0] ?? '', values);

    await expect(text).toMatchFileSnapshot(`${golden}/${name.replaceAll(' ', '-')}`);
  });

  it.each(filled.filter(([, values]) => Object.values(values).some((value) => typeof value === 'string')))(
    'does not fill %s while a value is missing',
    (name) => {
      const lists = { servers: undefined, search: undefined };

      const fill = () => render(name.split(' ')[0] ?? '', name.startsWith('resolved') ? { servers: {} } : lists);

      expect(fill).toThrow();
    },
  );
});
