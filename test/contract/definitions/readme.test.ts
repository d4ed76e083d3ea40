import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { wukongCrd } from '#operator/api/wukong-crd';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');

it('shows a Wukong on the first page that is accepted as it stands, in less than twenty lines', async () => {
  const [, text = ''] = /```yaml\n(apiVersion: vm\.novasphere\.dev[\s\S]*?)```/.exec(readme) ?? [];
  const clock = new VirtualClock();
  const server = new SimulatedApiServer({ clock });
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  await server.request({ method: 'POST', path: crds, body: wukongCrd() });
  await clock.sleep(5000);

  const path = '/apis/vm.novasphere.dev/v1alpha1/namespaces/default/wukongs';
  const answer = await server.request({
    method: 'POST',
    path,
    query: { fieldValidation: 'Strict' },
    body: load(text),
  });

  expect(answer.status).toBe(201);
  expect(text.trim().split('\n').length).toBeLessThan(20);
});

it('shows the columns there that kubectl shows', () => {
  const columns: readonly Json[] = (wukongCrd() as Json).spec.versions[0].additionalPrinterColumns;
  const shown = columns.filter(({ priority = 0 }) => priority === 0).map(({ name }) => name.toUpperCase());

  const [, header = ''] = /\$ kubectl get wk\n(.*)\n/.exec(readme) ?? [];

  expect(header.split(/\s+/)).toEqual(['NAME', ...shown]);
});
