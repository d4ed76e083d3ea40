import { describe, expect, it } from 'vitest';
import type { Act } from '#engine/step';
import type { Host } from '#ports/host';
import type { Stage } from '#ports/world';
import { fakeStage } from '../../verbs/fake-stage.ts';
import type { Part } from '../../verbs/host-part.ts';
import { sessionsEnded } from './iscsi.ts';
import { mountsGone } from './mounts.ts';
import { linksGone, rulesGone } from './network.ts';

/** A machine of files, directories and answers; what is run is written down, and `then` plays what it does. */
function machine(about: {
  files?: Record<string, string>;
  folders?: Record<string, readonly string[]>;
  answers?: Record<string, string>;
  then?: (command: string) => void;
}) {
  const ran: string[] = [];
  const host: Partial<Host> = {
    read: async (path) => about.files?.[path],
    list: async (path) => about.folders?.[path] ?? [],
    ask: async (question) => {
      const stdout = about.answers?.[question.join(' ')];
      return { exitCode: stdout === undefined ? 127 : 0, stdout: stdout ?? '', stderr: '' };
    },
    run: async (command, options) => {
      ran.push([...command, ...(options?.input === undefined ? [] : [`< ${options.input}`])].join(' '));
      about.then?.(command.join(' '));
      return '';
    },
  };
  const stage: Stage = { ...fakeStage(), host: host as Host };
  return { stage, ran };
}

async function mended(part: Part, { stage, ran }: ReturnType<typeof machine>) {
  const changes = (await part.changes(stage)).map(({ what }) => what);
  await part.make(stage, {} as Act);
  return { changes, ran };
}

describe('what pods have left on a machine', () => {
  it('is unmounted from the inside out, and nothing else is', async () => {
    const table = [
      '/dev/sda1 /',
      'tmpfs /var/lib/kubelet/pods/u1',
      'shm /run/k3s/containerd/x',
      '/dev/sdb /var/lib/kubelet/pods/u1/volumes/a\\040b',
      '/dev/sdc /var/lib/rancher',
    ]
      .map((line) => `${line} ext4 rw 0 0\n`)
      .join('');
    const left = machine({ files: { '/proc/mounts': table }, folders: { '/run/netns': ['cni-1', 'mine'] } });

    expect((await mended(mountsGone, left)).ran).toEqual([
      'umount /var/lib/kubelet/pods/u1/volumes/a b',
      'umount /run/k3s/containerd/x',
      'umount /var/lib/kubelet/pods/u1',
      'ip netns delete cni-1',
    ]);
  });

  it('is logged out of, where it is an iSCSI session of Longhorn and of nobody else', async () => {
    const folder = '/sys/class/iscsi_session';
    const left = machine({
      folders: { [folder]: ['session1', 'session2'] },
      files: {
        [`${folder}/session1/targetname`]: 'iqn.2001-05.com.equallogic:san\n',
        [`${folder}/session2/targetname`]: 'iqn.2019-10.io.longhorn:pvc-1\n',
      },
    });

    expect(await mended(sessionsEnded, left)).toEqual({
      changes: ['iSCSI session iqn.2019-10.io.longhorn:pvc-1'],
      ran: ['iscsiadm --mode session --sid 2 --logout'],
    });
  });

  it('is taken from the network: the pod bridge with its ports, the tunnel, and no bridge of the site', async () => {
    const answers = {
      'ip -j address': JSON.stringify([
        { ifname: 'mgmt0' },
        { ifname: 'br-lan' },
        { ifname: 'veth1', master: 'cni0' },
        { ifname: 'lan0', master: 'br-lan' },
        { ifname: 'cni0' },
        { ifname: 'flannel.1' },
      ]),
    };

    expect((await mended(linksGone, machine({ answers }))).ran).toEqual([
      'ip link delete veth1',
      'ip link delete cni0',
      'ip link delete flannel.1',
    ]);
  });

  it('is taken out of the firewall, whose other rules stay', async () => {
    const answers = { 'iptables-save': '*nat\n:KUBE-SERVICES - [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT' };

    expect(await mended(rulesGone, machine({ answers }))).toEqual({
      changes: ['iptables rules of the cluster'],
      ran: ['iptables-restore < *nat\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n'],
    });
  });
});
