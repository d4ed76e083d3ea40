import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createPlainServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import { loadAccess } from '#kube/kubeconfig';
import { type ClosableTransport, undiciTransport } from '#kube/undici-transport';
import { faultScreen } from '#report/fault-screen';
import { SimulatedApiServer } from '#simulation/api-server/simulated-api-server';
import { VirtualClock } from '#simulation/virtual-clock';
import { kubeconfigFile } from '../../../test/fixtures/kubeconfig.ts';
import { meet } from './cluster-contact.ts';
import { requireRights } from './cluster-rights.ts';
import { readKubeconfig } from './kubeconfig-file.ts';

let folder: string;
let server: Server | undefined;
let transport: ClosableTransport | undefined;
beforeEach(() => {
  folder = mkdtempSync('/tmp/novasphere-test-');
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await transport?.close();
  server?.close();
  server = undefined;
});

async function listening(made: Server): Promise<string> {
  server = made;
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(made.address() as AddressInfo).port}`;
}

const answering = (answer: (outgoing: ServerResponse) => void) =>
  listening(createServer((_, outgoing) => answer(outgoing)));
const json = (outgoing: ServerResponse, status: number, body: object) =>
  outgoing.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
const refusal = (code: number, message: string) => (outgoing: ServerResponse) =>
  json(outgoing, code, { kind: 'Status', code, message });

async function met(url: string, change?: (config: Json) => void): Promise<string> {
  const path = kubeconfigFile(folder, url, change);
  const access = loadAccess(path);
  transport = undiciTransport(access);
  const clock = { sleep: async () => {} };
  return meet({ facts: await readKubeconfig(path, 0), access, transport, clock });
}

/** The screen of what was in the way, with its places in short. */
async function screenOf(url: string, change?: (config: Json) => void): Promise<string> {
  const fault: unknown = await met(url, change).catch((error: unknown) => error);
  if (!(fault instanceof Fault)) throw new Error(`they met: ${String(fault)}`);
  const short = (text: string) => text.replaceAll(folder, '~').replaceAll(/127\.0\.0\.1([: ])\d{4,5}/g, 'HOST$1PORT');
  const { message, because, evidence, remedy, ...record } = fault.record();
  const all = (texts: readonly string[]) => texts.map(short);
  const where = all(record.where);
  const words = { message: short(message), because: all(because), evidence: all(evidence), remedy: all(remedy), where };
  const screen = `${fault.code}\n${faultScreen({ ...record, ...words })}`;
  expect(screen).not.toContain('very-secret-token');
  return screen;
}

describe('the first words with a cluster', () => {
  it('tell its version', async () => {
    const address = await answering((outgoing) => json(outgoing, 200, { major: '1', gitVersion: 'v1.35.8+k3s1' }));

    expect(await met(`http://${address}`)).toBe('v1.35.8+k3s1');
  });

  it('are repeated while it is only busy', async () => {
    let asked = 0;
    const address = await answering((outgoing) =>
      ++asked < 3 ? refusal(503, 'starting')(outgoing) : json(outgoing, 200, { gitVersion: 'v1.35.8' }),
    );

    expect(await met(`http://${address}`)).toBe('v1.35.8');
  });

  it('are refused by a cluster that does not know the user', async () => {
    const address = await answering(refusal(401, 'Unauthorized'));

    expect(await screenOf(`http://${address}`)).toMatchInlineSnapshot(`
      "CLUSTER-DENIED
      ✖ The cluster does not let this user do it
        the cluster at http://HOST:PORT does not know the user admin of the kubeconfig
        because  it answers: Unauthorized
        where    file ~/kubeconfig, context plant
        try      kubectl --kubeconfig ~/kubeconfig auth whoami
                 get a new kubeconfig: its token or certificate is of another cluster,
                 or was taken back
      "
    `);
  });

  it('are refused by a cluster that shows nothing to this user', async () => {
    const address = await answering(refusal(403, 'forbidden: User "ada" cannot get path "/version"'));

    expect(await screenOf(`http://${address}`)).toMatchInlineSnapshot(`
      "CLUSTER-DENIED
      ✖ The cluster does not let this user do it
        the user admin of the kubeconfig may not even ask the cluster for its version
        because  it answers: forbidden: User "ada" cannot get path "/version"
        where    file ~/kubeconfig, context plant
        try      kubectl --kubeconfig ~/kubeconfig auth whoami
                 use the kubeconfig of an administrator of the cluster
      "
    `);
  });

  it('find it unwell', async () => {
    const address = await answering(refusal(500, 'etcdserver: leader changed'));

    expect(await screenOf(`http://${address}`)).toMatchInlineSnapshot(`
      "CLUSTER-SERVER-ERROR
      ✖ The API server failed
        the cluster at http://HOST:PORT answers HTTP 500 when it is asked for its
        version
        because  etcdserver: leader changed
        where    file ~/kubeconfig, context plant
        try      kubectl --kubeconfig ~/kubeconfig get --raw '/readyz?verbose'
                 run the same command again once it is well
      "
    `);
  });

  it.each([
    [200, '<html>Welcome to the router</html>'],
    [404, 'not found'],
    [403, 'go away'],
  ])('go to something else that answers %i', async (status, text) => {
    const address = await answering((outgoing) =>
      outgoing.writeHead(status, { 'content-type': 'text/html' }).end(text),
    );

    const screen = await screenOf(`http://${address}`);

    expect(screen).toContain('CLUSTER-UNSUPPORTED');
    expect(screen).toContain(`GET /version answers HTTP ${status}: ${text}`);
  });

  it('go to a web server', async () => {
    const address = await answering((outgoing) => outgoing.end('<html>Welcome to the router</html>'));

    expect(await screenOf(`http://${address}`)).toMatchInlineSnapshot(`
      "CLUSTER-UNSUPPORTED
      ✖ The cluster is none that this release knows
        what answers at http://HOST:PORT is no Kubernetes API server
        where    file ~/kubeconfig, context plant
        seen     GET /version answers HTTP 200: <html>Welcome to the router</html>
        try      curl -k http://HOST:PORT/version
                   tells a version where it is one
                 kubectl config set-cluster NAME --server https://ADDRESS:6443 --kubeconfig ~/kubeconfig
      "
    `);
  });
});

describe('a cluster that does not answer', () => {
  it('is looked for on this machine, because the kubeconfig was copied from a node', async () => {
    const address = await answering(() => {});
    await new Promise((resolve) => server?.close(resolve));

    expect(await screenOf(`https://${address}`)).toMatchInlineSnapshot(`
      "CLUSTER-UNREACHABLE
      ✖ The API server does not answer
        the cluster does not answer at https://HOST:PORT
        because  nobody listens at that address
                 connect ECONNREFUSED HOST:PORT
        where    file ~/kubeconfig, context plant
        try      sed -i 's/127.0.0.1/ADDRESS-OF-THE-NODE/' ~/kubeconfig
                   where the file was copied from a node: there 127.0.0.1 is the node
                 nc -vz HOST PORT
                 kubectl --kubeconfig ~/kubeconfig get --raw /readyz
      "
    `);
  });

  it('is no server of TLS', async () => {
    const address = await listening(createPlainServer((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')));

    const screen = await screenOf(`https://${address}`);

    expect(screen).toContain('CLUSTER-UNREACHABLE');
    expect(screen).toContain('it does not speak TLS as a Kubernetes API server does');
  });

  it.each([
    ['ENOTFOUND', 'that name does not resolve', 'getent hosts plant-7'],
    ['UND_ERR_CONNECT_TIMEOUT', 'nothing comes back from that address', 'nc -vz plant-7 6443'],
    ['EHOSTUNREACH', 'there is no way to that address from here', 'nc -vz plant-7 6443'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is not signed by the authority that', 'get the kubeconfig again'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'its certificate is for other names and addresses', 'cluster.k3s.tlsSans'],
    ['CERT_HAS_EXPIRED', 'its certificate has run out, or the clock of this machine is wrong', 'date --utc'],
  ])('is told apart by %s', async (code, why, remedy) => {
    const facts = { path: 'kubeconfig', context: 'plant', server: 'https://plant-7:6443', user: 'ada' };
    const error = Object.assign(new Error('in the words of Node'), { code });
    const broken = { request: () => Promise.reject(error), watch: () => Promise.reject(error) as never };
    const access = { current: async () => ({ server: facts.server, headers: {}, tls: {} }) };

    const fault = await meet({ facts, access, transport: broken, clock: { sleep: async () => {} } }).catch(
      (reason: unknown) => reason as Fault,
    );

    expect(fault).toMatchObject({
      code: 'CLUSTER-UNREACHABLE',
      message: 'the cluster does not answer at https://plant-7:6443',
    });
    const { because, remedy: remedies } = (fault as Fault).record();
    expect(because).toEqual([expect.stringContaining(why), 'in the words of Node']);
    expect(remedies.join('\n')).toContain(remedy);
    expect(remedies.length).toBeLessThanOrEqual(3);
  });
});

describe('a program that gives tokens', () => {
  const exec =
    (command: string, more: object = {}) =>
    (config: Json) => {
      const apiVersion = 'client.authentication.k8s.io/v1';
      config.users[0].user = { exec: { apiVersion, command, interactiveMode: 'Never', ...more } };
    };
  const program = (text: string): string => {
    const path = join(folder, 'login');
    writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return path;
  };

  it('is asked for one', async () => {
    let authorization = '';
    server = createServer((incoming, outgoing) => {
      authorization = incoming.headers.authorization ?? '';
      json(outgoing, 200, { gitVersion: 'v1.35.8' });
    });
    const address = await listening(server);
    const credential = { kind: 'ExecCredential', status: { token: 'of-today' } };

    await met(`http://${address}`, exec(program(`echo '${JSON.stringify(credential)}'`)));

    expect(authorization).toBe('Bearer of-today');
  });

  it('is missing', async () => {
    const screen = await screenOf(
      'https://10.7.0.10:6443',
      exec('cloud-login-of-nobody', {
        installHint: 'cloud-login comes with the tools of the cloud:\nhttps://example.com',
      }),
    );

    expect(screen).toMatchInlineSnapshot(`
      "KUBECONFIG-INVALID
      ✖ The kubeconfig cannot be used
        the kubeconfig takes a token of the user admin from the program
        cloud-login-of-nobody, and there is none
        where    file ~/kubeconfig, context plant
        seen     cloud-login comes with the tools of the cloud:
                 https://example.com
        try      command -v cloud-login-of-nobody
                 install cloud-login-of-nobody, or use a kubeconfig with a certificate
                 or a token
      "
    `);
  });

  it('fails, and its secrets are not repeated', async () => {
    const failing = program(
      'echo "token: very-secret-token" >&2; echo "your session has ended, log in again" >&2; exit 1',
    );

    expect(await screenOf('https://10.7.0.10:6443', exec(failing))).toMatchInlineSnapshot(`
      "KUBECONFIG-INVALID
      ✖ The kubeconfig cannot be used
        the program ~/login, from which the kubeconfig takes a token of the user
        admin, failed
        where    file ~/kubeconfig, context plant
        seen     token: ‹secret›
                 your session has ended, log in again
        try      kubectl --kubeconfig ~/kubeconfig auth whoami
                 log in again with what ~/login belongs to
      "
    `);
  });

  it('prints something else', async () => {
    const screen = await screenOf('https://10.7.0.10:6443', exec(program('echo hello')));

    expect(screen).toContain('KUBECONFIG-INVALID');
    expect(screen).toContain('because  it printed no JSON');
  });
});

describe('the rights of the user', () => {
  const facts = { path: '/home/ada/kubeconfig', context: 'plant', server: 'https://10.7.0.10:6443', user: 'ada' };
  const groups = ['longhorn.io', 'kubevirt.io'];

  it('are asked for in one question where everything is allowed, and nothing is written', async () => {
    const api = new SimulatedApiServer({ clock: new VirtualClock() });

    await requireRights(api, facts, groups);

    expect(api.log.map(({ method, dryRun }) => ({ method, dryRun }))).toEqual([{ method: 'POST', dryRun: true }]);
    expect(api.writes).toBe(0);
  });

  it('may be just those that are needed', async () => {
    const api = new SimulatedApiServer({ clock: new VirtualClock() });
    api.may = ({ group }) => group !== '*';

    await expect(requireRights(api, facts, groups)).resolves.toBeUndefined();
  });

  it('are told where some are missing, each as verb and resource', async () => {
    const api = new SimulatedApiServer({ clock: new VirtualClock() });
    api.may = ({ verb, group, resource, subresource }) =>
      verb !== '*' &&
      verb !== 'escalate' &&
      subresource !== 'log' &&
      resource !== 'daemonsets' &&
      group !== 'longhorn.io';

    const fault = await requireRights(api, facts, groups).catch((error: unknown) => error as Fault);

    expect(fault).toMatchObject({ code: 'CLUSTER-DENIED' });
    expect(faultScreen((fault as Fault).record())).toMatchInlineSnapshot(`
      "✖ The cluster does not let this user do it
        the user ada of the kubeconfig lacks 6 rights that the phases need
        because  components bring cluster roles, webhooks and kinds of their own,
                 which only an administrator may install
        where    file /home/ada/kubeconfig, context plant
        seen     may not get pods/log
                 may not patch daemonsets.apps
                 may not list daemonsets.apps
                 may not escalate clusterroles.rbac.authorization.k8s.io
                 may not escalate roles.rbac.authorization.k8s.io
                 may not patch *.longhorn.io
        try      kubectl --kubeconfig /home/ada/kubeconfig auth can-i --list
                 use the kubeconfig of an administrator; on a node of k3s it is /etc/rancher/k3s/k3s.yaml
                 kubectl create clusterrolebinding novasphere --clusterrole cluster-admin --user NAME
                   by an administrator
      "
    `);
    expect(api.writes).toBe(0);
  });

  it('are left to be found out where the server cannot say', async () => {
    const api = new SimulatedApiServer({ clock: new VirtualClock() });
    api.intercept = () => ({ status: 404, body: '404 page not found' });

    await expect(requireRights(api, facts, groups)).resolves.toBeUndefined();
  });
});
