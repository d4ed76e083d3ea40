import { double } from '../double.ts';
import { kindPath } from '../kube-path.ts';
import { isAvailable } from '../readiness.ts';
import { serveWebhook } from '../webhook-service.ts';
import { caInjector } from './ca-injector.ts';
import { admitCertManager } from './cert-manager-admission.ts';
import { certificates } from './certificates.ts';
import { challenges } from './challenges.ts';
import { issuers } from './issuers.ts';

const namespace = 'cert-manager';

/** cert-manager v1.21.1: webhook, cainjector, and a controller for self-signed and CA issuers. */
export const certManagerDouble = double('cert-manager', (stage) => {
  serveWebhook(stage, {
    namespace,
    deployment: 'cert-manager-webhook',
    service: 'cert-manager-webhook',
    subject: 'cert-manager',
    seconds: 11 + 16 * stage.bench.random(),
    admit: admitCertManager,
  });
  caInjector(stage);
  let refresh = () => {};
  const deployments = stage.follow({ path: kindPath('apps/v1', 'Deployment', namespace), on: () => refresh() });
  const works = () => {
    if (stage.bench.troubles.has('cert-manager-idle')) return false;
    const controller = deployments.get('cert-manager', namespace);
    return controller !== undefined && isAvailable(controller);
  };
  const known = issuers(stage, works, () => refreshCertificates());
  const { refresh: refreshCertificates } = certificates(stage, works, () => known);
  const pending = challenges(stage, works);
  refresh = () => {
    known.refresh();
    pending.refresh();
    refreshCertificates();
  };
  stage.bench.troubles.onChange?.(() => refresh(), stage.bench.signal);
});
