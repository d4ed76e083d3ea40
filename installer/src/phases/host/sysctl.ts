import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { hostOf } from '#profile/host-of';
import { stepOf } from '../verbs/host-part.ts';
import { sysctlSet } from '../verbs/host-sysctl.ts';

const platform = {
  // 128 instances are used up by the kubelet, its shims and virt-handler (kubevirt#10977, k3s#10020).
  'fs.inotify.max_user_instances': '8192',
  'fs.inotify.max_user_watches': '524288',
  'net.ipv4.ip_forward': '1',
  'net.bridge.bridge-nf-call-iptables': '1',
};

export function sysctlStep({ profile, node }: Site): Step {
  const own = Object.entries(hostOf(profile, node).sysctl).map(([key, value]) => [key, String(value)]);
  const settings = { ...platform, ...(Object.fromEntries(own) as Record<string, string>) };
  return stepOf(
    { id: 'host/sysctl', title: 'Set kernel parameters' },
    ...sysctlSet('/etc/sysctl.d/90-novasphere.conf', settings),
  );
}
