import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { Sight } from '#ports/world';
import { render } from '#render/render';
import { factsOf } from '../verbs/host-facts.ts';
import { fileWith } from '../verbs/host-file.ts';
import { stepOf } from '../verbs/host-part.ts';
import { kernelArguments } from './kernel-arguments.ts';

const path = '/etc/default/grub.d/90-novasphere.cfg';

/** Written for the next boot; `host/boot` compares it with the running kernel. */
export function commandLineStep(site: Site): Step {
  const wanted = async (sight: Sight) => {
    const words = kernelArguments(site, await factsOf(sight));
    return words.length === 0 ? undefined : render('grub.cfg', { words: words.join(' ') });
  };
  return stepOf(
    { id: 'host/kernel-command-line', title: 'Set the kernel command line' },
    fileWith(path, wanted, { after: [['update-grub']], restarts: 'machine' }),
  );
}
