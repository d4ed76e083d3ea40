import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import type { NicFacts } from '#ports/facts';
import type { Sight } from '#ports/world';
import { matchNic } from '#profile/match';
import type { Node } from '#profile/schema';
import { render } from '#render/render';
import { factsOf } from '../verbs/host-facts.ts';
import { fileWith } from '../verbs/host-file.ts';
import { stepOf } from '../verbs/host-part.ts';

/** An interface of the profile and the hardware that it is. */
export interface PinnedNic {
  readonly name: string;
  readonly nic: NicFacts;
}

/** The hardware behind the profile's names; throws the selector's fault when one picks none or several. */
export function pinnedNics({ network }: Node, nics: readonly NicFacts[]): readonly PinnedNic[] {
  return [network.management, ...network.interfaces].map(({ match, name }) => {
    const found = matchNic(match, nics);
    if ('fault' in found) throw found.fault;
    return { name, nic: found.chosen };
  });
}

/** Names that stay, whatever the next kernel would call them. They take effect at the restart. */
export function nicNamesStep({ node }: Site): Step {
  const names = [node.network.management, ...node.network.interfaces].map(({ name }) => name);
  return stepOf(
    { id: 'host/nic-names', title: 'Pin the names of network interfaces' },
    ...names.map((name) =>
      fileWith(`/etc/systemd/network/10-novasphere-${name}.link`, (sight) => linkFile(node, name, sight), {
        // The initial ramdisk names interfaces first, with its own copy of these files.
        after: [['update-initramfs', '-u']],
        restarts: 'machine',
      }),
    ),
  );
}

async function linkFile(node: Node, name: string, sight: Sight): Promise<string> {
  const pinned = pinnedNics(node, (await factsOf(sight)).nics);
  const mac = pinned.find((one) => one.name === name)?.nic.mac;
  return render('nic.link', { mac, name });
}
