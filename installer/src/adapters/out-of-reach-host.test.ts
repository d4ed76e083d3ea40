import { expect, it } from 'vitest';
import type { Host } from '#ports/host';
import { outOfReachHost } from './out-of-reach-host.ts';

const host = outOfReachHost('plant-7-a');
const acts: readonly (readonly [string, (host: Host) => Promise<unknown>])[] = [
  ['read /etc/hosts', (one) => one.read('/etc/hosts')],
  ['list /etc', (one) => one.list('/etc')],
  ['look at /dev/kvm', (one) => one.look('/dev/kvm')],
  ['read /bin/sh', (one) => one.digest('/bin/sh')],
  ['run “systemctl is-active k3s”', (one) => one.ask(['systemctl', 'is-active', 'k3s'])],
  ['write /etc/hosts', (one) => one.write('/etc/hosts', '')],
  ['write /usr/local/bin/k3s', (one) => one.place('/bundle/bin/k3s', '/usr/local/bin/k3s')],
  ['remove /etc/hosts', (one) => one.remove('/etc/hosts')],
  ["run “sh -c 'rm -rf /'”", (one) => one.run(['sh', '-c', 'rm -rf /'])],
  ['restart it', (one) => one.reboot()],
];

it.each(acts)('refuses to %s', async (doing, act) => {
  await expect(act(host)).rejects.toMatchObject({
    code: 'HOST-OUT-OF-REACH',
    exitCode: 6,
    message: `cannot ${doing} on plant-7-a: this run drives the cluster from another machine`,
  });
});

it('says that it is out of reach before anybody looks', () => {
  expect(host).toMatchObject({ name: 'plant-7-a', outOfReach: true });
});
