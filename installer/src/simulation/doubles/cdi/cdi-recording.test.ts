import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { kindPath } from '../kube-path.ts';
import { PlatformRig } from '../platform-rig.ts';
import { type Created, recording, storyOf, watchCreates } from '../recording.ts';
import { cdiDouble } from './cdi-double.ts';
import { cdiObject, cdiOperatorManifest } from './cdi-manifests.ts';

const real = recording('cdi-v1.65.0');

function webhook(one: Json): Json {
  const {
    name,
    clientConfig,
    rules,
    failurePolicy,
    sideEffects,
    timeoutSeconds,
    admissionReviewVersions,
    matchPolicy,
  } = one;
  return {
    name,
    service: clientConfig.service,
    rules,
    failurePolicy,
    sideEffects,
    timeoutSeconds,
    admissionReviewVersions,
    matchPolicy,
  };
}

const selected: Readonly<Record<string, (object: Json) => Json>> = {
  CustomResourceDefinition: ({ spec }) => ({
    names: spec.names,
    group: spec.group,
    scope: spec.scope,
    versions: spec.versions.map(({ name, served, storage }: Json) => [name, served, storage]),
  }),
  ValidatingWebhookConfiguration: ({ webhooks }) => webhooks.map(webhook),
  MutatingWebhookConfiguration: ({ webhooks }) => webhooks.map(webhook),
  Service: ({ spec }) => ({ ports: spec.ports, selector: spec.selector }),
  APIService: ({ spec }) => ({ group: spec.group, version: spec.version, service: spec.service }),
  Deployment: ({ spec }) => {
    const [container] = spec.template.spec.containers;
    const env = (container.env ?? []).filter((one: Json) => !one.name.startsWith('INSTALLER_'));
    return {
      replicas: spec.replicas,
      selector: spec.selector,
      account: spec.template.spec.serviceAccountName,
      image: container.image,
      args: container.args,
      env,
    };
  },
  ClusterRoleBinding: ({ roleRef, subjects }) => [roleRef, subjects],
};

describe.skipIf(real === undefined)(
  'the CDI double against the recorded operator (../shared/recordings lies beside the checkout)',
  () => {
    const rig = new PlatformRig([cdiDouble]);
    const events: { finalizers: string[] | null; status: Json }[] = [];
    let created: readonly Created[] = [];

    beforeAll(async () => {
      rig.start();
      for (const object of cdiOperatorManifest) await rig.create(object);
      await rig.until(async () => (await rig.list('apps/v1', 'Deployment'))[0]?.status?.readyReplicas === 1);
      created = watchCreates(rig);
      await rig.create(cdiObject());
      void follow();
      await rig.until(async () => events.at(-1)?.status?.phase === 'Deployed');
      rig.server.intercept = undefined;
    });

    async function follow(): Promise<void> {
      for await (const { object } of rig.server.watch(
        kindPath('cdi.kubevirt.io/v1beta1', 'CDI'),
        { resourceVersion: '0' },
        AbortSignal.timeout(60_000),
      )) {
        events.push({ finalizers: object.metadata.finalizers ?? null, status: object.status });
      }
    }

    afterAll(() => rig.stop());

    it('creates the same objects in the same order', () => {
      const ours = created.slice(1).map((one) => one.what);

      expect(ours.slice(0, real?.created.length)).toEqual(real?.created.map((one) => one.what));
    });

    it('takes about as long between them', () => {
      const begun = created[1]?.seconds ?? 0;
      const late = created
        .slice(1, real?.created.length)
        .filter(({ seconds }, index) => Math.abs(seconds - begun - (real?.created[index]?.seconds ?? 0)) > 0.4);

      expect(late).toEqual([]);
    });

    it('tells the same story in the status of the custom resource', () => {
      const wanted = storyOf(real?.statuses ?? []);

      expect(storyOf(events).slice(0, wanted.length)).toEqual(wanted);
      expect(storyOf(events).at(-1)).toMatchObject({
        phase: 'Deployed',
        conditions: [
          'Available | True | DeployCompleted | Deployment Completed',
          'Progressing | False |  | ',
          'Degraded | False |  | ',
        ],
      });
    });

    it('leaves objects that are alike in what others rely on', async () => {
      const wanted: Json = {};
      const found: Json = {};
      for (const object of real?.objects ?? []) {
        const { apiVersion, kind, metadata } = object;
        const pick = selected[kind] ?? (() => 'there');
        const ours = await rig.get(apiVersion, kind, metadata.name, metadata.namespace);
        const key = `${kind} ${metadata.name}`;
        wanted[key] = pick(object);
        found[key] = ours && pick(ours);
      }

      expect(found).toEqual(wanted);
    });
  },
);
