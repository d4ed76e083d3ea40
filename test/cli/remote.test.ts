import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Json } from '#kube/json';
import { type Listening, listen } from '#simulation/api-server/listen';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { bundleDirectory } from '../fixtures/bundle-directory.ts';
import { kubeconfigFile } from '../fixtures/kubeconfig.ts';
import { launch, root, scratch, screenOf } from './novasphere.ts';

const profile = 'profiles/lab-vm.yaml';
const headline = 'The node is another machine';
let folder: string;
let bundle: string;
let server: SimulatedApiServer;
let listening: Listening | undefined;

beforeAll(async () => {
  bundle = await bundleDirectory(join(scratch(), 'bundle'));
});
afterAll(() => listening?.close());
beforeEach(async () => {
  await listening?.close();
  folder = scratch();
  server = new SimulatedApiServer({ clock: new VirtualClock() });
  listening = await listen(server);
  await node('lab-vm');
});

/** A Node whose kubelet has told of so and so a machine; by default of one that is none of ours. */
async function node(name: string, nodeInfo: object = { machineID: 'm', systemUUID: 'u', bootID: 'b' }): Promise<void> {
  const path = '/api/v1/nodes';
  const made = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
  await server.request({ method: 'POST', path, body: made });
  const contentType = 'application/merge-patch+json';
  await server.request({
    method: 'PATCH',
    path: `${path}/${name}/status`,
    contentType,
    body: { status: { nodeInfo } },
  });
  server.log.length = 0;
}

/** The command line as a process of its own, with places and ports in short. */
async function novasphere(words: readonly string[], { kubeconfig = true, environment = {} } = {}) {
  const url = listening?.url ?? '';
  const options = kubeconfig ? ['--kubeconfig', kubeconfigFile(folder, url)] : [];
  const { exitCode, out, err } = await launch([...words, ...options], {
    NOVASPHERE_STATE: join(folder, 'state'),
    ...environment,
  }).ended;
  const short = (text: string) =>
    text.replaceAll(url, 'http://CLUSTER').replaceAll(folder, '~').replaceAll(bundle, 'DIR');
  return { exitCode, out: short(out), err: short(err) };
}

/** With the password of a user, which lies on the machines alone. */
function withSecret(text: string): string {
  const host = 'host:\n  users:\n    - {name: lab, passwordHash: {fromFile: /nonexistent/secret}}\n';
  return text.replace(/^host:\n(?: .*\n)+/m, host);
}

describe('a plan for a cluster elsewhere', () => {
  it('lists the phases of the cluster alone, says what it has not looked at, and sends no write', async () => {
    const { exitCode, out, err } = await novasphere(['plan', profile, '--bundle', bundle]);

    expect(exitCode, err).toBe(0);
    expect(err).toBe('cluster http://CLUSTER, Kubernetes v1.35.8+k3s1, as admin (context plant of ~/kubeconfig)\n');
    const titles = out.split('\n').filter((line) => /^\S/.test(line));
    expect(titles.slice(0, 9)).toEqual([
      'Longhorn',
      'Multus',
      'NMState',
      'KubeVirt',
      'CDI',
      'cert-manager',
      'Wukong operator',
      'Verification',
      expect.stringMatching(/^in all {6}\d+ changes in \d+ steps/),
    ]);
    expect(out.slice(out.indexOf('note '))).toMatchInlineSnapshot(`
      "note        this machine is no node of the cluster at http://CLUSTER:
                  “Preflight”, “Prepare the host” and “Kubernetes (k3s)”, and what the
                  profile says of machines (disks, network cards, kernel, hugepages),
                  are not looked at from here
      "
    `);
    expect(server.log.length).toBeGreaterThan(10);
    expect(server.writes).toBe(0);
  });

  it('tells scripts the same', async () => {
    const { exitCode, out } = await novasphere(['plan', profile, '--bundle', bundle, '--output', 'json']);

    const { story }: Json = JSON.parse(out);
    expect(exitCode).toBe(0);
    expect(story.phases.map(({ id }: Json) => id)).not.toContain('host');
    expect(story.notes.map(({ text }: Json) => text)).toEqual([
      expect.stringMatching(/^this machine is no node of the cluster at http:.*not looked at from here$/),
    ]);
  });
});

describe('apply for a cluster elsewhere', () => {
  it('refuses to install on this machine, and says which phases are possible', async () => {
    const { exitCode, out, err } = await novasphere(['apply', profile, '--bundle', bundle, '--yes']);

    expect(exitCode).toBe(6);
    expect(out).toBe('');
    expect(screenOf(`${err}\n`, headline)).toMatchInlineSnapshot(`
      "✖ The node is another machine
        this machine is not a node of the cluster at http://CLUSTER:
        “Preflight”, “Prepare the host” and “Kubernetes (k3s)” are done on lab-vm
        itself
        because  a machine is only ever changed by a run on that very machine
        try      novasphere apply PROFILE --from longhorn --kubeconfig FILE
                   what goes through the API alone
                 run the same command on lab-vm, without --kubeconfig
                   for the machine
      "
    `);
    expect(server.writes).toBe(0);
  });

  it.each(['host', 'k3s', 'preflight'])('refuses --only %s', async (phase) => {
    const { exitCode, err } = await novasphere(['apply', profile, '--bundle', bundle, '--yes', '--only', phase]);

    expect(exitCode).toBe(6);
    expect(err).toContain(headline);
  });

  it('says what the smallest bundle is where none was given', async () => {
    const { exitCode, err } = await novasphere(['apply', profile, '--from', 'longhorn', '--yes']);

    expect(exitCode).toBe(1);
    expect(screenOf(`${err}\n`, 'The bundle cannot be opened')).toMatchInlineSnapshot(`
      "✖ The bundle cannot be opened
        there is nothing to install from
        because  no --bundle was given, and /opt/novasphere/bundle is not there
        seen     a cluster that pulls its images by itself needs the manifests of a bundle alone:
                   DIR/bundle.yaml                      the index: path, sha256 and size of each file
                   DIR/manifests/COMPONENT/NAME.yaml    as manifests/COMPONENT/component.yaml of this release names them
                 and a profile with  bundle: {allowUnsigned: true}  for as long as nobody has signed it
        try      scripts/manifest-bundle DIR
                   lays out such a bundle from a checkout
                 then the same command with --bundle DIR
      "
    `);
  });

  it('journals what it did to the cluster; it needs no secret of the machines', async () => {
    const own = join(folder, 'profile.yaml');
    writeFileSync(own, withSecret(readFileSync(join(root, profile), 'utf8')));
    const kubeconfig = kubeconfigFile(folder, listening?.url ?? '');
    const words = ['apply', own, '--bundle', bundle, '--only', 'operator', '--yes', '--kubeconfig', kubeconfig];
    // Nobody is there to start the operator: its gate never opens.
    const running = launch(words, { NOVASPHERE_STATE: join(folder, 'state') });
    await running.until('for the Wukong operator to lead');
    running.child.kill('SIGINT');
    const { exitCode } = await running.ended;

    const journal = readFileSync(join(folder, 'state/latest'), 'utf8').trimEnd().split('\n');
    const events: Json[] = journal.map((line) => JSON.parse(line));
    expect(exitCode).toBe(5);
    expect(events[1]).toMatchObject({
      event: 'note',
      text: expect.stringContaining('this machine is no node of the cluster'),
    });
    expect([...new Set(events.flatMap(({ phase }) => phase ?? []))]).toContain('operator');
    expect(events.filter(({ step = '' }) => /^(preflight|host)\//.test(step))).toEqual([]);
    const { status } = await server.request({
      method: 'GET',
      path: '/apis/apps/v1/namespaces/novasphere-system/deployments/wukong-operator',
    });
    expect(status).toBe(200);
  });
});

describe('a cluster that somebody else has set up', () => {
  const denied = 'The cluster does not let this user do it';

  it('is left alone where another storage class is the default', async () => {
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    const metadata = { name: 'fast', annotations };
    const body = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata, provisioner: 'csi.example.com' };
    await server.request({ method: 'POST', path: '/apis/storage.k8s.io/v1/storageclasses', body });
    server.log.length = 0;

    const { exitCode, err } = await novasphere(['apply', profile, '--bundle', bundle, '--from', 'longhorn', '--yes']);

    expect(exitCode).toBe(1);
    expect(err).toContain(
      'StorageClass fast is the default of this cluster, and longhorn would become a\n  second one\n',
    );
    expect(err).toContain('nothing was changed: the cluster is not fit for that yet\n');
    expect(server.writes).toBe(0);
  });

  it('is left alone where this user may not do what is needed', async () => {
    server.may = ({ verb }) => verb === 'list' || verb === 'get';

    const { exitCode, err } = await novasphere(['apply', profile, '--bundle', bundle, '--from', 'longhorn', '--yes']);

    expect(exitCode).toBe(1);
    expect(err).toContain(denied);
    expect(server.writes).toBe(0);
  });

  it('is left alone where it is of a version that the components are not made for', async () => {
    const version = { major: '1', minor: '31', gitVersion: 'v1.31.4' };
    server.intercept = ({ path }) => (path === '/version' ? { status: 200, body: version } : undefined);

    const { exitCode, err } = await novasphere(['plan', profile, '--bundle', bundle]);

    expect(exitCode).toBe(1);
    expect(err).toContain('The cluster is none that this release knows');
    expect(err).toContain('runs Kubernetes v1.31.4; the');
    expect(server.log.map(({ path }) => path)).toEqual(['/version']);
  });
});

describe('a cluster that is not the one of the profile', () => {
  it('is refused with the names of both', async () => {
    await node('plant-9');
    const { exitCode, err } = await novasphere(['plan', 'profiles/single-node.yaml', '--bundle', bundle]);

    expect(exitCode).toBe(1);
    expect(screenOf(`${err}\n`, 'The nodes of the cluster are not those of the profile')).toMatchInlineSnapshot(`
      "✖ The nodes of the cluster are not those of the profile
        the cluster has no node plant-7-a, which the profile names
        where    nodes
        seen     nodes of the profile: plant-7-a
                 nodes of the cluster: lab-vm, plant-9
        try      name the kubeconfig of the cluster that the profile describes: --kubeconfig FILE
                 or name the nodes in the profile as \`kubectl get nodes\` does
      "
    `);
  });
});

describe('without --kubeconfig', () => {
  it('no cluster is changed because it happens to be the current one', async () => {
    const environment = { KUBECONFIG: kubeconfigFile(folder, listening?.url ?? '') };

    const { exitCode, err } = await novasphere(['apply', profile, '--bundle', bundle, '--from', 'longhorn', '--yes'], {
      kubeconfig: false,
      environment,
    });

    expect(exitCode).toBe(3);
    expect(screenOf(`${err}\n`, 'The kubeconfig cannot be used')).toMatchInlineSnapshot(`
      "✖ The kubeconfig cannot be used
        there is no Kubernetes on this machine, and no other cluster was named
        because  /etc/rancher/k3s/k3s.yaml, which k3s writes, is not there
        seen     KUBECONFIG names ~/kubeconfig; a cluster is never changed because it happens to be the current one
        try      add --kubeconfig FILE          for a cluster elsewhere
                 novasphere apply PROFILE
                   without --from and --only, to install Kubernetes here first
      "
    `);
    expect(server.log).toEqual([]);
  });
});

describe('verify for a cluster elsewhere', () => {
  it('needs no bundle', async () => {
    const running = launch(['verify', profile, '--kubeconfig', kubeconfigFile(folder, listening?.url ?? '')], {
      NOVASPHERE_STATE: join(folder, 'state'),
    });
    await running.until('phase 1/1  Verification');
    running.child.kill('SIGINT');

    expect(await running.ended).toMatchObject({ err: expect.not.stringContaining('nothing to install from') });
  });
});
