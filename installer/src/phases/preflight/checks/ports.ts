import { Fault } from '#engine/fault';
import type { Check } from '../check.ts';

/** docs.k3s.io/installation/requirements; those of the last line are used on the loopback interface only. */
const onEveryNode = ['tcp:10250', 'udp:8472', 'tcp:10248', 'tcp:10249', 'tcp:10256', 'tcp:10010', 'tcp:6444'];
const onServers = ['tcp:6443', 'tcp:2379', 'tcp:2380', 'tcp:2381', 'tcp:2382', 'tcp:10257', 'tcp:10258', 'tcp:10259'];

/** Nothing but k3s itself holds a port that k3s needs. */
export const portsFree: Check = async ({ site, sight }) => {
  const needed = new Set(site.node.role === 'server' ? [...onEveryNode, ...onServers] : onEveryNode);
  const { stdout } = await sight.host.ask(['ss', '-Hltnup']);
  const taken = stdout
    .split('\n')
    .map(listener)
    .filter((one) => needed.has(one.port) && !one.isOurs);
  const perPort = new Map(taken.map((one) => [one.port, one]));
  return [...perPort.values()].map(({ port, holder }) => {
    const [protocol, number] = port.split(':');
    return new Fault({
      code: 'PREFLIGHT-PORT',
      message: `port ${number}/${protocol} is taken by ${holder}, and k3s needs it`,
      remedy: [`ss -ltnup 'sport = :${number}'`, `stop ${holder} and keep it from starting again`],
    });
  });
};

interface Listener {
  readonly port: string;
  readonly holder: string;
  readonly isOurs: boolean;
}

/** `tcp LISTEN 0 4096 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=800,fd=3))`; the kernel's own sockets name no user. */
function listener(line: string): Listener {
  const [protocol = '', , , , local = ''] = line.trim().split(/\s+/);
  const port = `${protocol}:${local.slice(local.lastIndexOf(':') + 1)}`;
  const holder = /users:\(\("([^"]+)"/.exec(line)?.[1];
  const vxlan = holder === undefined && port === 'udp:8472';
  return { port, holder: holder ?? 'an unknown program', isOurs: vxlan || /^(k3s|containerd)/.test(holder ?? '') };
}
