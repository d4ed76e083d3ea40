import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MakeBed } from './bed.ts';
import { Site } from './bed.ts';

/** Webhooks and aggregated APIs that nobody answers for. */
export function admissionContract(name: string, makeBed: MakeBed): void {
  describe(`what nobody answers for on ${name}`, () => {
    let site: Site;
    let address: string;
    beforeEach(async () => {
      site = await Site.open(await makeBed());
    });
    afterEach(async () => {
      for (const { apiVersion, kind, metadata } of made.splice(0))
        await site.client.delete({ apiVersion, kind, name: metadata.name });
      await site.bed.close?.();
    });
    const made: any[] = [];
    const configuration = (clientConfig: object, more: object = {}): any => ({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: site.namespace },
      webhooks: [
        {
          name: 'hook.novasphere.dev',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          clientConfig,
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': site.namespace } },
          rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }],
          ...more,
        },
      ],
    });
    const service = (more: object = {}) => ({ service: { namespace: site.namespace, name: 'hook', ...more } });
    async function listens(): Promise<void> {
      const spec = { selector: { none: 'such' }, ports: [{ port: 443 }] };
      const metadata = { name: 'hook', namespace: site.namespace };
      const one: any = await site.client.create({ apiVersion: 'v1', kind: 'Service', metadata, spec } as never);
      address = one.spec.clusterIP;
    }
    /** What a create is answered once the webhook is known to the server. */
    async function answered(one: any, known: (answer: any) => boolean = ({ code }) => code === 500): Promise<any> {
      made.push(one);
      await site.client.apply(one, { force: true });
      const body = site.configMap('a');
      return site.until(async () => {
        const answer = await site.tried('POST', site.configMaps, body, { dryRun: 'All' });
        return known(answer) && answer;
      });
    }
    const failed = (rest: string) =>
      `Internal error occurred: failed calling webhook "hook.novasphere.dev": failed to call webhook: Post "https://hook.${site.namespace}.svc:${rest}`;

    it('refuses with the whole way to the webhook when its Service is not there', async () => {
      const answer = await answered(configuration(service({ path: '/v' })));

      const message = failed(`443/v?timeout=10s": service "hook" not found`);
      expect(answer).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message,
        reason: 'InternalError',
        details: { causes: [{ message: message.replace('Internal error occurred: ', '') }] },
        code: 500,
      });
    });

    it('names the address that refused', async () => {
      await listens();

      const plain = await answered(configuration(service(), { timeoutSeconds: 3 }), ({ message = '' }) =>
        message.includes('dial'),
      );

      expect(plain.message).toBe(failed(`443/?timeout=3s": dial tcp ${address}:443: connect: connection refused`));
    });

    it('names a port that the Service does not have', async () => {
      await listens();

      const answer = await answered(configuration(service({ port: 9999 })), ({ message = '' }) =>
        message.includes('9999 found'),
      );

      expect(answer.message).toBe(failed(`9999/?timeout=10s": no service port 9999 found for service "hook"`));
    });

    it('names the URL of a webhook that is no Service', async () => {
      const answer = await answered(configuration({ url: 'https://127.0.0.1:1/x' }));

      expect(answer.message).toBe(
        'Internal error occurred: failed calling webhook "hook.novasphere.dev": failed to call webhook: Post "https://127.0.0.1:1/x?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused',
      );
    });

    it('lets everything pass that may be ignored', async () => {
      const refusing = configuration(service());
      await answered(refusing);

      const ignoring = configuration(service(), { failurePolicy: 'Ignore' });

      expect(await answered(ignoring, ({ kind }) => kind === 'ConfigMap')).toMatchObject({ metadata: { name: 'a' } });
    });

    it('never asks a webhook about webhooks', async () => {
      const everything = { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] };
      const selector = { namespaceSelector: { matchLabels: { none: 'such' } } };
      await answered(configuration(service()));
      const all = configuration(service(), { rules: [everything], ...selector });

      const next = await site.client.apply(all, { force: true });

      expect(next['webhooks'][0].rules[0].resources).toEqual(['*']);
    });

    it('says of an aggregated API why it is not available, and answers for it in text', async () => {
      const group = `${site.namespace}.novasphere.dev`;
      const api: any = {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `v1.${group}` },
        spec: {
          group,
          version: 'v1',
          groupPriorityMinimum: 100,
          versionPriority: 10,
          insecureSkipTLSVerify: true,
          ...service(),
        },
      };
      made.push(api);
      const told = async (reason: string) => {
        const found = await site.until(async () => {
          const object = await site.client.get({ ...api, name: api.metadata.name });
          const one = object?.['status'].conditions?.[0];
          return one?.reason === reason && one;
        });
        return [found.type, found.status, found.message];
      };

      await site.client.create(api);
      const absent = await told('ServiceNotFound');
      const document = await site.send({ method: 'GET', path: `/apis/${group}/v1` });
      const object = await site.send({ method: 'GET', path: `/apis/${group}/v1/things` });
      await listens();
      const empty = await told('MissingEndpoints');
      await site.client.create({
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        metadata: { name: 'hook-1', namespace: site.namespace, labels: { 'kubernetes.io/service-name': 'hook' } },
        addressType: 'IPv4',
        endpoints: [{ addresses: ['10.42.0.9'], conditions: { ready: true } }],
        ports: [{ name: '', port: 443 }],
      } as never);
      const refused = await told('FailedDiscoveryCheck');

      expect(absent).toEqual(['Available', 'False', `service/hook in "${site.namespace}" is not present`]);
      for (const answer of [document, object])
        expect(answer).toMatchObject({ status: 503, body: 'service unavailable\n' });
      expect(empty).toEqual([
        'Available',
        'False',
        `endpointslices for service/hook in "${site.namespace}" have no addresses with port name ""`,
      ]);
      const url = `https://${address}:443/apis/${group}/v1`;
      expect(refused).toEqual([
        'Available',
        'False',
        `failing or missing response from ${url}: Get "${url}": dial tcp ${address}:443: connect: connection refused`,
      ]);
    });

    it('keeps a namespace as long as nobody knows what an aggregated API holds in it', async () => {
      const group = `${site.namespace}.novasphere.dev`;
      const spec = { group, version: 'v1', groupPriorityMinimum: 100, versionPriority: 10, ...service() };
      const api: any = {
        apiVersion: 'apiregistration.k8s.io/v1',
        kind: 'APIService',
        metadata: { name: `v1.${group}` },
        spec: { ...spec, insecureSkipTLSVerify: true },
      };
      made.push(api);
      await site.client.create(api);
      const ref = { apiVersion: 'v1', kind: 'Namespace', name: site.namespace };
      await site.until(async () => (await site.client.get({ ...api, name: api.metadata.name }))?.['status'].conditions);

      await site.client.delete(ref);

      const blind = await site.until(async () => {
        const conditions: any[] = (await site.client.get(ref))?.['status'].conditions ?? [];
        return conditions.find(({ type, status }) => type === 'NamespaceDeletionDiscoveryFailure' && status === 'True');
      });
      expect([blind.reason, blind.message]).toEqual([
        'DiscoveryFailed',
        `Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: ${group}/v1: stale GroupVersion discovery: ${group}/v1`,
      ]);
      await site.client.delete({ ...api, name: api.metadata.name });
      await site.until(async () => (await site.client.get(ref)) === undefined);
    });
  });
}
