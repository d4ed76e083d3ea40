import type { Step } from '#engine/step';
import { render } from '#render/render';
import { fileWith } from '../verbs/host-file.ts';
import { stepOf } from '../verbs/host-part.ts';

/** Nothing is updated or restarted under running virtual machines unless somebody asks for it. */
export function updatesStep(): Step {
  return stepOf(
    { id: 'host/updates', title: 'Keep automatic updates from restarting things' },
    fileWith('/etc/apt/apt.conf.d/99novasphere-updates', render('apt-updates.conf', {})),
    fileWith('/etc/needrestart/conf.d/90-novasphere.conf', render('needrestart.conf', {})),
  );
}
