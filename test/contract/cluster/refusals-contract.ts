import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MakeBed } from './bed.ts';
import { Site } from './bed.ts';
import { deployment } from './objects-contract.ts';

const subdomain = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
const qualified = `'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'`;

/** What is refused, as a whole Status object and word for word. */
export function refusalsContract(name: string, makeBed: MakeBed): void {
  describe(`refusals of ${name}`, () => {
    let site: Site;
    beforeEach(async () => {
      site = await Site.open(await makeBed());
    });
    afterEach(() => site.bed.close?.());
    const dry = { dryRun: 'All' };
    const create = async (metadata: object, rest: object = {}) =>
      site.tried('POST', site.configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata, ...rest }, dry);
    const inside = (resource: string) => `/api/v1/namespaces/${site.namespace}/${resource}`;
    const deployments = () => `/apis/apps/v1/namespaces/${site.namespace}/deployments`;

    it('are a Status with code, reason, details and a cause for each field', async () => {
      expect(await create({ name: 'Bad_Name' })).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: `ConfigMap "Bad_Name" is invalid: metadata.name: Invalid value: "Bad_Name": ${subdomain}`,
        reason: 'Invalid',
        details: {
          name: 'Bad_Name',
          kind: 'ConfigMap',
          causes: [
            { reason: 'FieldValueInvalid', message: `Invalid value: "Bad_Name": ${subdomain}`, field: 'metadata.name' },
          ],
        },
        code: 422,
      });
    });

    it('say of a label which part of it is wrong', async () => {
      const labels = async (one: object) =>
        (await create({ name: 'a', labels: one })).message.replace('ConfigMap "a" is invalid: metadata.labels: ', '');

      expect(await labels({ 'a b': 'x' })).toBe(
        `Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is ${qualified})`,
      );
      expect(await labels({ '/x': '' })).toBe('Invalid value: "/x": prefix part must be non-empty');
      expect(await labels({ 'A_/b': '' })).toBe(`Invalid value: "A_/b": prefix part ${subdomain}`);
      expect(await labels({ ok: 'x'.repeat(64) })).toBe(
        `Invalid value: "${'x'.repeat(64)}": must be no more than 63 bytes`,
      );
    });

    it('say that a namespace has no dots, and how long a name may be', async () => {
      const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a.b' } };

      const dots = await site.tried('POST', '/api/v1/namespaces', namespace, dry);
      const long = await create({ name: 'a'.repeat(254) });

      expect(dots.message).toBe(
        'Namespace "a.b" is invalid: metadata.name: Invalid value: "a.b": must not contain dots',
      );
      expect(long.details.causes[0].message).toMatch(/: must be no more than 253 characters$/);
    });

    it('name owners without a uid, and finalizers without a domain', async () => {
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: '' };

      const unowned = await create({ name: 'a', ownerReferences: [owner] });
      const unqualified = await create({ name: 'a', finalizers: ['hold'] });

      expect([unowned.message, unqualified.message]).toEqual([
        'ConfigMap "a" is invalid: metadata.ownerReferences.uid: Invalid value: "": must not be empty',
        'ConfigMap "a" is invalid: metadata.finalizers[0]: Invalid value: "hold": name is neither a standard finalizer name nor is it fully qualified',
      ]);
    });

    it('tell a number where a text belongs, on create and on apply', async () => {
      const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: site.namespace } };
      const numbered = deployment(site.namespace);
      numbered.spec.template.spec.containers[0].env = [{ name: 'A', value: 1 }];

      const data = await site.tried('POST', site.configMaps, { ...map, data: { x: 1 } });
      const label = await create({ name: 'a', labels: { x: true } });
      const env = await site.tried('POST', deployments(), numbered);
      const applied = await site.tried('APPLY', `${site.configMaps}/a`, { ...map, data: { x: 1 } });

      const cannot = 'json: cannot unmarshal';
      expect([data, label, env].map(({ code, message }) => [code, message])).toEqual([
        [
          400,
          `ConfigMap in version "v1" cannot be handled as a ConfigMap: ${cannot} number into Go struct field ConfigMap.data of type string`,
        ],
        [
          400,
          `ConfigMap in version "v1" cannot be handled as a ConfigMap: ${cannot} bool into Go struct field ObjectMeta.metadata.labels of type string`,
        ],
        [
          400,
          `Deployment in version "v1" cannot be handled as a Deployment: ${cannot} number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string`,
        ],
      ]);
      expect(applied).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: `failed to create typed patch object (${site.namespace}/a; /v1, Kind=ConfigMap): .data.x: expected string, got &value.valueUnstructured{Value:1}`,
        code: 500,
      });
    });

    it('tell a quantity and bytes that are none', async () => {
      const odd = deployment(site.namespace);
      odd.spec.template.spec.containers[0].resources = { limits: { memory: '1 Gi' } };
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { a: '*' } };

      const memory = await site.tried('POST', deployments(), odd);
      const bytes = await site.tried('POST', inside('secrets'), secret);

      expect([memory.message, bytes.message]).toEqual([
        `Deployment in version "v1" cannot be handled as a Deployment: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`,
        'Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 0',
      ]);
    });

    it('are made before anybody looks whether the name is taken', async () => {
      await site.client.create(site.configMap('a'));

      const answer = await create({ name: 'a' }, { data: { 'a b': '' } });

      expect(answer.message).toBe(
        `ConfigMap "a" is invalid: data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
      );
    });

    it('name what a workload, a Service and a Secret lack', async () => {
      const never = deployment(site.namespace);
      never.spec.template.spec.restartPolicy = 'Never';
      const service = (spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec });
      const tls = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, type: 'kubernetes.io/tls' };

      const answers = [
        await site.tried('POST', deployments(), never),
        await site.tried('POST', inside('services'), service({})),
        await site.tried('POST', inside('services'), service({ ports: [{ port: 80 }, { port: 81 }] })),
        await site.tried('POST', inside('secrets'), tls),
      ];

      expect(answers.map(({ message }) => message)).toEqual([
        'Deployment.apps "web" is invalid: spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
        'Service "a" is invalid: spec.ports: Required value',
        'Service "a" is invalid: [spec.ports[0].name: Required value, spec.ports[1].name: Required value]',
        'Secret "a" is invalid: [data[tls.crt]: Required value, data[tls.key]: Required value]',
      ]);
    });

    it('do not say which operation of a JSON patch failed', async () => {
      await site.client.create(site.configMap('a', { x: '1' }));
      const contentType = 'application/json-patch+json';
      const patch = async (body: object) =>
        (await site.send({ method: 'PATCH', path: `${site.configMaps}/a`, body: [body], contentType })).body as any;

      const tested = await patch({ op: 'test', path: '/data/x', value: '2' });
      const removed = await patch({ op: 'remove', path: '/data/y' });
      const replaced = await patch({ op: 'replace', path: '/data/y', value: 'new' });

      const message = 'the server rejected our request due to an error in our request';
      expect([tested, removed].map((one) => [one.code, one.reason, one.message])).toEqual([
        [422, 'Invalid', message],
        [422, 'Invalid', message],
      ]);
      expect(replaced.data).toEqual({ x: '1', y: 'new' });
    });

    it('of an apply know the uid that was meant', async () => {
      const uid = '00000000-0000-0000-0000-000000000000';
      await site.client.create(site.configMap('a'));

      const other = await site.tried('APPLY', `${site.configMaps}/a`, site.configMap('a', {}, { uid }));
      const none = await site.tried('APPLY', `${site.configMaps}/b`, site.configMap('b', {}, { uid }));

      expect([other.code, other.message]).toEqual([
        422,
        `ConfigMap "a" is invalid: metadata.uid: Invalid value: "${uid}": field is immutable`,
      ]);
      expect([none.code, none.message]).toEqual([
        409,
        `Operation cannot be fulfilled on configmaps "b": uid mismatch: the provided object specified uid ${uid}, and no existing object was found`,
      ]);
    });

    it('of a delete know the version that was meant', async () => {
      await site.client.create(site.configMap('a'));
      const body = { preconditions: { resourceVersion: '1' } };

      const answer = await site.send({ method: 'DELETE', path: `${site.configMaps}/a`, body });

      expect((answer.body as any).message).toMatch(
        /^Operation cannot be fulfilled on ConfigMap "a": the ResourceVersion in the precondition \(1\) does not match the ResourceVersion in record \(\d+\)\. The object might have been modified$/,
      );
    });

    it('answer a group that is not served in text, and a resource of a known group with a Status', async () => {
      const group = await site.send({ method: 'GET', path: '/apis/none.novasphere.dev/v1/things' });
      const resource = await site.send({ method: 'GET', path: inside('things') });

      expect(group).toMatchObject({ status: 404, body: '404 page not found\n' });
      expect(resource).toMatchObject({
        status: 404,
        body: { kind: 'Status', reason: 'NotFound', message: 'the server could not find the requested resource' },
      });
    });
  });
}
