import { Fault } from '#engine/fault';
import { hostOf } from '#profile/host-of';
import { formatSize } from '#profile/units';
import type { Check } from '../check.ts';

const gibibyte = 2 ** 30;
/** The kernel keeps some for itself: a machine with 4 GiB of memory shows a little less. */
const shown = 0.9;
const least = 4 * gibibyte;
const comfortable = 8 * gibibyte;
/** What Kubernetes, storage and KubeVirt need beside the pages that are set aside. */
const besideHugepages = 3 * gibibyte;

export const memoryEnough: Check = ({ site, facts: { memory } }) => {
  const { total } = memory;
  if (total < least * shown) {
    const message = `this machine has ${formatSize(total)} of memory, at least 4 GiB are needed`;
    return [new Fault({ code: 'PREFLIGHT-MEMORY', message, remedy: ['add memory; 16 GiB are a good start for VMs'] })];
  }
  const pages = hostOf(site.profile, site.node).hugepages;
  const aside = pages['2Mi'] * 2 ** 21 + pages['1Gi'] * gibibyte;
  if (aside > 0 && aside + besideHugepages > total) {
    const message = `hugepages would take ${formatSize(aside)} of the ${formatSize(total)} of memory; 3 GiB must be left`;
    return [new Fault({ code: 'PREFLIGHT-MEMORY', message, remedy: ['ask for fewer host.hugepages, or add memory'] })];
  }
  if (total < comfortable * shown)
    return [`${formatSize(total)} of memory are enough for the platform and one small VM`];
  return [];
};
