import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { hostOf } from '#profile/host-of';
import { render } from '#render/render';
import { fileWith } from '../verbs/host-file.ts';
import { stepOf } from '../verbs/host-part.ts';

/** The profile's name servers for systemd-resolved, whose upstream list k3s hands on to CoreDNS. */
export function resolverStep({ profile, node }: Site): Step {
  const { servers, search } = hostOf(profile, node).dns;
  const content =
    servers.length + search.length === 0
      ? undefined
      : render('resolved.conf', { servers: servers.join(' '), search: search.join(' ') });
  return stepOf(
    { id: 'host/resolver', title: 'Set the name servers' },
    fileWith('/etc/systemd/resolved.conf.d/90-novasphere.conf', content, {
      after: [['systemctl', 'restart', 'systemd-resolved.service']],
    }),
  );
}
