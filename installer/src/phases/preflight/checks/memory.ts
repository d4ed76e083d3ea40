import { Fault } from '#engine/fault';
import { formatSize } from '#profile/units';
import type { Check } from '../check.ts';

const gibibyte = 2 ** 30;
/** The kernel keeps some for itself: a machine with 4 GiB of memory shows a little less. */
const shown = 0.9;
const least = 4 * gibibyte;
const comfortable = 8 * gibibyte;

export const memoryEnough: Check = ({ facts: { memory } }) => {
  const { total } = memory;
  if (total < least * shown) {
    const message = `this machine has ${formatSize(total)} of memory, at least 4 GiB are needed`;
    return [new Fault({ code: 'PREFLIGHT-MEMORY', message, remedy: ['add memory; 16 GiB are a good start for VMs'] })];
  }
  if (total < comfortable * shown)
    return [`${formatSize(total)} of memory are enough for the platform and one small VM`];
  return [];
};
