import type { Site } from '#plan/plan';
import { render } from '#render/render';

export const resumeUnit = 'novasphere-resume.service';
export const resumeFile = `/etc/systemd/system/${resumeUnit}`;

const byDefault = ['apply', '/etc/novasphere/profile.yaml', '--yes'];

/** The unit that goes on with the run after the restart. */
export function resumeContent({ self = ['novasphere'], resume = byDefault }: Site): string {
  return render('novasphere-resume.service', { command: [...self, ...resume].map(word).join(' ') });
}

/** One word of an ExecStart line (systemd.service(5), command lines). */
function word(text: string): string {
  const safe = text.replaceAll('%', '%%').replaceAll('$', '$$$$');
  return /^[\w@%+=:,./$-]+$/.test(safe) ? safe : `"${safe.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
