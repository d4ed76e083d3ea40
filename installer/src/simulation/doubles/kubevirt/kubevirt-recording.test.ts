import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { kindPath } from '../kube-path.ts';
import { PlatformRig } from '../platform-rig.ts';
import { type Created, recording, storyOf, watchCreates } from '../recording.ts';
import { kubevirtDouble } from './kubevirt-double.ts';
import { cirros, kubevirtObject, kubevirtOperator } from './kubevirt-manifests.ts';

const real = recording('kubevirt-v1.8.4');

/** What of a webhook decides who asks it when. */
function webhook(one: Json): Json {
  const {
    name,
    clientConfig,
    rules,
    failurePolicy,
    sideEffects,
    timeoutSeconds,
    admissionReviewVersions,
    matchConditions,
  } = one;
  const conditions = (matchConditions ?? []).map(({ expression, name: called }: Json) => [called, expression]);
  return {
    name,
    service: clientConfig.service,
    rules,
    failurePolicy,
    sideEffects,
    timeoutSeconds,
    admissionReviewVersions,
    conditions,
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
  Service: ({ spec }) => ({ ports: spec.ports, selector: spec.selector, headless: spec.clusterIP === 'None' }),
  APIService: ({ spec, status }) => ({
    group: spec.group,
    version: spec.version,
    service: spec.service,
    said: status.conditions.map((one: Json) => [one.type, one.status, one.reason, one.message]),
  }),
  Deployment: ({ spec }) => images(spec),
  DaemonSet: ({ spec }) => images(spec),
  VirtualMachineClusterInstancetype: ({ spec }) => [spec.cpu.guest, spec.memory.guest, spec.memory.hugepages?.pageSize],
  RoleBinding: ({ roleRef, subjects }) => [roleRef, subjects],
  ClusterRoleBinding: ({ roleRef, subjects }) => [roleRef, subjects],
};

function images(spec: Json): Json {
  const pod = spec.template.spec;
  const all = [...(pod.initContainers ?? []), ...pod.containers].map((one: Json) => [one.name, one.image]);
  return { replicas: spec.replicas, selector: spec.selector, account: pod.serviceAccountName, all };
}

describe.skipIf(real === undefined)(
  'the KubeVirt double against the recorded operator (../shared/recordings lies beside the checkout)',
  () => {
    const rig = new PlatformRig([kubevirtDouble()]);
    const events: { finalizers: string[] | null; status: Json }[] = [];
    let created: readonly Created[] = [];

    beforeAll(async () => {
      rig.start();
      for (const object of kubevirtOperator) await rig.create(object);
      await rig.until(async () =>
        (await rig.list('apiextensions.k8s.io/v1', 'CustomResourceDefinition')).every((one) => one.status?.conditions),
      );
      await rig.create(kubevirtObject({ imagePullPolicy: 'IfNotPresent' }));
      created = watchCreates(rig);
      void follow();
      await rig.until(async () => events.at(-1)?.status?.phase === 'Deployed');
      rig.server.intercept = undefined;
    });

    async function follow(): Promise<void> {
      const path = kindPath('kubevirt.io/v1', 'KubeVirt');
      for await (const { object } of rig.server.watch(path, { resourceVersion: '0' }, AbortSignal.timeout(60_000))) {
        events.push({ finalizers: object.metadata.finalizers ?? null, status: object.status });
      }
    }

    afterAll(() => rig.stop());

    it('creates the same objects in the same order', () => {
      expect(created.map((one) => one.what)).toEqual(real?.created.map((one) => one.what));
    });

    it('takes about as long between them', () => {
      const late = created.filter(({ seconds }, index) => {
        const wanted = real?.created[index]?.seconds ?? 0;
        return Math.abs(seconds - wanted) > 1 + wanted * 0.2;
      });

      expect(late).toEqual([]);
    });

    it('tells the same story in the status of the custom resource', () => {
      const fields = (one: Json) => ({
        ...one,
        fields: one.fields.filter((name: string) => name !== 'operatorVersion'),
      });

      expect(storyOf(events).map(fields)).toEqual(storyOf(real?.statuses ?? []).map(fields));
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

    describe('a virtual machine', () => {
      const machines: Json[] = [];

      beforeAll(async () => {
        void watchMachines();
        await rig.create(cirros('sample'));
        await rig.until(
          async () =>
            (await rig.get('kubevirt.io/v1', 'VirtualMachineInstance', 'sample', 'default'))?.status?.phase ===
            'Running',
        );
      });

      async function watchMachines(): Promise<void> {
        const path = kindPath('kubevirt.io/v1', 'VirtualMachine');
        for await (const { object } of rig.server.watch(path, { resourceVersion: '0' }, AbortSignal.timeout(60_000)))
          machines.push(object);
      }

      it('goes through the recorded states until its instance starts', () => {
        const said = (status: Json) => ({
          word: status?.printableStatus,
          created: status?.created,
          conditions: (status?.conditions ?? []).map((one: Json) => [one.type, one.status, one.reason, one.message]),
        });
        const story = (list: readonly Json[]) =>
          list.map((one) => JSON.stringify({ finalizers: one.finalizers, ...said(one.status) }));
        const once = (list: readonly string[]) => list.filter((one, index) => one !== list[index - 1]);
        const recorded = once(story(real?.lines('vm/vm.jsonl') ?? []));
        const played = once(
          story(machines.map(({ metadata, status }) => ({ finalizers: metadata.finalizers ?? null, status }))),
        );

        expect(played.slice(0, recorded.length)).toEqual(recorded);
      });

      it('has an instance of the recorded shape', async () => {
        const wanted = real?.file('vm/vmi.json');
        const found = await rig.get('kubevirt.io/v1', 'VirtualMachineInstance', 'sample', 'default');

        expect(Object.keys(found.metadata.annotations).sort()).toEqual(Object.keys(wanted.metadata.annotations).sort());
        expect(found.metadata.finalizers).toEqual(wanted.metadata.finalizers);
        expect(found.spec.evictionStrategy).toBe(wanted.spec.evictionStrategy);
        expect(found.spec.architecture).toBe(wanted.spec.architecture);
        expect(found.spec.domain.machine).toEqual(wanted.spec.domain.machine);
        expect(Object.keys(found.status)).toEqual(expect.arrayContaining(Object.keys(wanted.status)));
      });

      it('has a launcher pod of the recorded shape', async () => {
        const wanted = real?.file('vm/launcher-pod.json').items[0];
        const found = (await rig.list('v1', 'Pod')).find(
          (one) => one.metadata.labels?.['kubevirt.io'] === 'virt-launcher',
        );
        const containers = (list: readonly Json[]) =>
          list.map(({ name, image, resources, restartPolicy }) => ({
            name,
            image,
            restartPolicy,
            requests: name === 'container-disk-binary' ? 'little' : resources.requests,
          }));
        const shape = ({ spec, metadata }: Json) => ({
          containers: containers(spec.containers),
          init: containers(spec.initContainers),
          labels: Object.keys(metadata.labels).sort(),
          nodeSelector: spec.nodeSelector,
          gates: spec.readinessGates,
          restart: spec.restartPolicy,
          grace: spec.terminationGracePeriodSeconds,
          security: spec.securityContext,
          hostname: spec.hostname,
          volumes: spec.volumes,
        });

        expect(shape(found)).toEqual(shape(wanted));
        expect(found.metadata.name).toMatch(/^virt-launcher-sample-[a-z0-9]{5}$/);
      });
    });
  },
);
