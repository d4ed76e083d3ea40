import type { Catalog } from '#catalog/catalog';
import { Fault } from '#engine/fault';
import { consentFor } from '#phases/verbs/leftovers';
import type { Options } from './call.ts';

/** What `--prune` agrees to remove, as the steps ask for it: everything that can be replaced of a component, or one object. */
export function pruneConsents(options: Options, { components }: Catalog): ReadonlySet<string> {
  return new Set(options.texts('prune').map((word) => consentIn(word, Object.keys(components))));
}

function consentIn(word: string, components: readonly string[]): string {
  if (components.includes(word)) return consentFor(word);
  // `Deployment longhorn-system/longhorn-ui`, as plans name objects; never the disks that they name as well.
  if (/^[A-Z]\w+ \S+$/.test(word)) return word;
  throw new Fault({
    code: 'USAGE',
    message: `--prune takes a component or an object, and “${word}” is neither`,
    evidence: [`components: ${components.join(', ')}`],
    remedy: ['novasphere plan PROFILE          shows what is left over, with the words that remove it'],
  });
}
