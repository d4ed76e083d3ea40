import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { stepOf } from '../verbs/host-part.ts';
import { unitEnabled } from '../verbs/host-unit.ts';
import { unitOf } from './k3s-site.ts';

/** Only now: after a power cut in the middle of the import nothing may run on images that are not whole. */
export function enabledStep(site: Site): Step {
  return stepOf({ id: 'k3s/enabled', title: 'Start k3s at every boot' }, unitEnabled(unitOf(site), 'later'));
}
