import type { Step } from '#engine/step';
import { stepOf } from '../verbs/host-part.ts';
import { unitEnabled } from '../verbs/host-unit.ts';

/** Longhorn attaches volumes to the node with it (longhorn.io, deploy/install). */
export function iscsiStep(): Step {
  return stepOf({ id: 'host/iscsi', title: 'Start the iSCSI daemon' }, unitEnabled('iscsid.service'));
}
