import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { hostOf } from '#profile/host-of';
import { render } from '#render/render';
import { fileWith } from '../verbs/host-file.ts';
import { stepOf } from '../verbs/host-part.ts';

/** The layout of the console, from the next restart on. */
export function keyboardStep({ profile, node }: Site): Step {
  const content = render('keyboard', { layout: hostOf(profile, node).keyboard });
  return stepOf({ id: 'host/keyboard', title: 'Set the keyboard layout' }, fileWith('/etc/default/keyboard', content));
}
