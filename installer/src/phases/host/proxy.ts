import type { Step } from '#engine/step';
import type { Site } from '#plan/plan';
import { hostOf } from '#profile/host-of';
import { render } from '#render/render';
import { fileWith } from '../verbs/host-file.ts';
import { stepOf } from '../verbs/host-part.ts';

/** The proxy for apt; k3s is given it with its unit. */
export function proxyStep({ profile, node }: Site): Step {
  const { proxy } = hostOf(profile, node);
  const content =
    proxy === null ? undefined : render('apt-proxy.conf', { http: proxy.http, https: proxy.https ?? proxy.http });
  return stepOf(
    { id: 'host/proxy', title: 'Set the proxy of apt' },
    fileWith('/etc/apt/apt.conf.d/90novasphere-proxy', content),
  );
}
