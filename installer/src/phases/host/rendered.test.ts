import { describe, expect, it } from 'vitest';
import { yamlFile } from '#render/yaml-file';
import { exampleProfiles, exampleSite, smallSite } from '../verbs/site-on-paper.ts';
import { resumeContent } from './boot/resume-unit.ts';
import { netplanOf } from './netplan-of.ts';

const golden = '../../../../test/golden/host';

describe('netplan', () => {
  it.each(exampleProfiles)('carries the network of %s', async (name) => {
    const { node } = await exampleSite(name);

    await expect(yamlFile(netplanOf(node))).toMatchFileSnapshot(`${golden}/netplan-${name}.yaml`);
  });

  it('moves the address to the bridge that the management interface is a port of', async () => {
    const { node } = await smallSite({
      node: {
        network: {
          management: {
            match: { mac: '3c:ec:ef:00:00:01' },
            addresses: ['10.7.0.10/24'],
            gateway: '10.7.0.1',
          },
          bridges: [{ name: 'br-lan', ports: ['mgmt0'] }],
        },
      },
    });

    expect(netplanOf(node)).toEqual({
      network: {
        version: 2,
        renderer: 'NetworkManager',
        ethernets: { mgmt0: { dhcp4: false, dhcp6: false } },
        bridges: {
          'br-lan': {
            interfaces: ['mgmt0'],
            dhcp4: false,
            dhcp6: false,
            addresses: ['10.7.0.10/24'],
            routes: [{ to: 'default', via: '10.7.0.1' }],
            macaddress: '3c:ec:ef:00:00:01',
            parameters: { stp: false },
          },
        },
      },
    });
  });
});

describe('the unit that resumes a run', () => {
  it('quotes the words of its command as systemd wants them', async () => {
    const site = await smallSite();

    const unit = resumeContent({ ...site, self: ['/opt/nova sphere/bin'], resume: ['apply', '/a%b $c.yaml', '--yes'] });

    expect(unit).toContain('ExecStart="/opt/nova sphere/bin" apply "/a%%b $$c.yaml" --yes\n');
  });
});
