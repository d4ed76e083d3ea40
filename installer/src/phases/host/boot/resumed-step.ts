import type { Step } from '#engine/step';
import { replacementOf } from '#ports/host';
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
    const files = [resumeFile, noteFile];
    const places = [...files, ...files.map(replacementOf)];
    const left = await Promise.all(places.map(async (path) => ((await host.look(path)) ? [path] : [])));
    return left.flat().map((path) => ({
      what: path,
      from: files.includes(path) ? 'needed for the restart' : 'left by a power cut',
      to: 'absent',
    }));
  },
  async make({ host }) {
    if ((await enablement(host, resumeUnit)) === 'enabled') await host.run(['systemctl', 'disable', resumeUnit]);
    await host.remove(resumeFile);
    await host.run(['systemctl', 'daemon-reload']);
    await host.remove(noteFile);
  },
};
