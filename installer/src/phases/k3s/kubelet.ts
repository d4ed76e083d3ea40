import type { Site } from '#plan/plan';
import { hostOf } from '#profile/host-of';

/** The kubelet's drop-in (kubernetes.io, KubeletConfiguration v1beta1). */
export function kubeletOf({ profile, node }: Site): object {
  const { cpuManager } = hostOf(profile, node);
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    // Without a registry nobody brings an image back that was cleared away to make room.
    imageGCHighThresholdPercent: 92,
    imageGCLowThresholdPercent: 88,
    evictionHard: { 'memory.available': '256Mi', 'nodefs.available': '5%', 'imagefs.available': '5%' },
    ...(cpuManager?.policy === 'static'
      ? { cpuManagerPolicy: 'static', reservedSystemCPUs: cpuManager.reserved ?? '0' }
      : {}),
  };
}

export function cpuPolicyOf({ profile, node }: Site): 'none' | 'static' {
  return hostOf(profile, node).cpuManager?.policy ?? 'none';
}
