import type { Step } from '#engine/step';
import { type Part, stepOf } from '../../verbs/host-part.ts';
import { enablement } from '../../verbs/host-unit.ts';
import { noteFile } from './restart-note.ts';
import { resumeFile, resumeUnit } from './resume-unit.ts';

/** After the restart nothing may start by itself again. */
export function resumedStep(): Step {
  return stepOf({ id: 'host/resumed', title: 'Take away what went on after the restart' }, resumeGone);
}

const resumeGone: Part = {
  async changes({ host }) {
    const left = await Promise.all([resumeFile, noteFile].map(async (path) => ((await host.look(path)) ? [path] : [])));
    return left.flat().map((path) => ({ what: path, from: 'needed for the restart', to: 'absent' }));
  },
  async make({ host }) {
    if ((await enablement(host, resumeUnit)) === 'enabled') await host.run(['systemctl', 'disable', resumeUnit]);
    await host.remove(resumeFile);
    await host.run(['systemctl', 'daemon-reload']);
    await host.remove(noteFile);
  },
};
