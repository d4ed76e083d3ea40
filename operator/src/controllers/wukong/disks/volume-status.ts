import type { KubeObject } from '#kube/object';
import type { VolumeStatus } from '../../../api/wukong.ts';
import { capacityOf } from './claim-size.ts';

/** One disk as its claim and its DataVolume have it; never as the specification wishes it. */
export function volumeStatus(
  name: string,
  pvcName: string,
  claim: KubeObject | undefined,
  dataVolume: KubeObject | undefined,
): VolumeStatus {
  const { phase, progress } = dataVolume?.['status'] ?? {};
  const capacity = claim && capacityOf(claim);
  const requested: string | undefined = claim?.['spec']?.resources?.requests?.storage;
  return {
    name,
    pvcName,
    bound: claim?.['status']?.phase === 'Bound',
    ...(capacity === undefined ? {} : { size: capacity }),
    ...(phase === undefined ? {} : { phase }),
    // Before there is any progress CDI says N/A.
    ...(typeof progress === 'string' && progress.endsWith('%') ? { progress } : {}),
    ...(capacity === undefined ? {} : { capacity }),
    ...(requested === undefined ? {} : { requested }),
  };
}
