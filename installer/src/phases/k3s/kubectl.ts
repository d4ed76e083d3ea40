import type { Part } from '../verbs/host-part.ts';
import { binary } from './k3s-site.ts';

export const kubectlPath = '/usr/local/bin/kubectl';
const script = `#!/bin/sh\nexec ${binary} kubectl "$@"\n`;

/**
 * k3s holds a kubectl, and everybody types `kubectl`: also what Novasphere itself says to try. One that is there
 * already, from a package or as a link, stays.
 */
export const kubectl: Part = {
  async changes({ host }) {
    const facts = await host.look(kubectlPath);
    if (facts === undefined) return [{ what: kubectlPath, to: `runs ${binary} kubectl` }];
    // Ours is small: a program of many megabytes is not read to find out that it is none of ours.
    const isOurs = facts.size < 1000 && (await host.read(kubectlPath))?.includes(`${binary} kubectl`) === true;
    if (!isOurs || facts.mode === 0o755) return [];
    return [{ what: kubectlPath, from: `mode ${facts.mode.toString(8)}`, to: 'mode 755' }];
  },
  make: ({ host }) => host.write(kubectlPath, script, 0o755),
};
