import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import type { Json } from '#kube/json';
import { faultScreen } from '#report/fault-screen';
import { kubeconfigFile } from '../../../test/fixtures/kubeconfig.ts';
import { readKubeconfig } from './kubeconfig-file.ts';

const now = Date.UTC(2027, 11, 1);
const server = 'https://10.7.0.10:6443';
/** A client certificate that was valid until 2027-11-21; its key is gone. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBpDCCAUqgAwIBAgIBATAKBggqhkjOPQQDAjAxMRcwFQYDVQQKDA5zeXN0ZW06
bWFzdGVyczEWMBQGA1UEAwwNcGxhbnQtNy1hZG1pbjAeFw0yNjExMjExMjE0NDJa
Fw0yNzExMjExMjE0NDJaMDExFzAVBgNVBAoMDnN5c3RlbTptYXN0ZXJzMRYwFAYD
VQQDDA1wbGFudC03LWFkbWluMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEd62d
8Di64EzYmiQ8evgHHTyxDCXhkxaTmZVkE+R1fIs38vW8UEIewGniSNGj7E3CkfO2
aSMkIVAWtjpDX+ArxKNTMFEwHQYDVR0OBBYEFPikqRysSu6WaI/A4MC1VeBl1YiH
MB8GA1UdIwQYMBaAFPikqRysSu6WaI/A4MC1VeBl1YiHMA8GA1UdEwEB/wQFMAMB
Af8wCgYIKoZIzj0EAwIDSAAwRQIhAOyH2Eyh374leXhyHMp09gJW7KyADf10J2jy
B0tHEuSpAiBtPGg4HQBMuQiwVzWrRbedS4fGGeohn3SJIzgAa+B71w==
-----END CERTIFICATE-----
`;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync('/tmp/novasphere-test-');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The screen that a spoilt kubeconfig comes to, with its place in short. */
async function screenOf(change: (config: Json) => void, path = kubeconfigFile(folder, server, change)) {
  const fault: unknown = await readKubeconfig(path, now).catch((error: unknown) => error);
  if (!(fault instanceof Fault)) throw new Error('it was taken as it is');
  expect(fault).toMatchObject({ code: 'KUBECONFIG-INVALID', exitCode: 3 });
  const screen = faultScreen(fault.record()).replaceAll(folder, '/home/ada');
  expect(screen).not.toContain('very-secret-token');
  return screen;
}

/** Without the line breaks, which depend on how long the real path is. */
function flat(screen: string): string {
  return screen.replace(/\s+/g, ' ');
}

describe('a kubeconfig', () => {
  it('says where the cluster is and who asks', async () => {
    const path = kubeconfigFile(folder, server);

    expect(await readKubeconfig(path, now)).toEqual({ path, context: 'plant', server, user: 'admin' });
  });

  it('says which program gives the token', async () => {
    const path = kubeconfigFile(folder, server, ({ users }) => {
      users[0].user = { exec: { command: 'cloud-login', installHint: 'Get it from the shop.\n' } };
    });

    const program = { command: 'cloud-login', hint: 'Get it from the shop.' };
    expect(await readKubeconfig(path, now)).toMatchObject({ program });
  });

  it('may hold a certificate that is valid now', async () => {
    const path = kubeconfigFile(folder, server, ({ users }) => {
      users[0].user = { 'client-certificate': 'admin.crt' };
    });
    writeFileSync(join(folder, 'admin.crt'), certificate);

    expect(await readKubeconfig(path, Date.UTC(2027, 0, 1))).toMatchObject({ user: 'admin' });
  });
});

describe('a kubeconfig that cannot be used', () => {
  it('is not there', async () => {
    expect(await screenOf(() => {}, join(folder, 'none'))).toMatchInlineSnapshot(`
      "✖ The kubeconfig cannot be used
        the kubeconfig /home/ada/none is not there
        where    file /home/ada/none
        try      ls -l /home/ada/none
                 scp root@NODE:/etc/rancher/k3s/k3s.yaml FILE
                   where k3s wrote it; then put the address of the node into its
                   server
      "
    `);
  });

  it('is a directory', async () => {
    expect(await screenOf(() => {}, folder)).toMatchInlineSnapshot(`
      "✖ The kubeconfig cannot be used
        the kubeconfig /home/ada is a directory
        where    file /home/ada
        try      ls -l /home/ada
                 scp root@NODE:/etc/rancher/k3s/k3s.yaml FILE
                   where k3s wrote it; then put the address of the node into its
                   server
      "
    `);
  });

  it('is not YAML', async () => {
    writeFileSync(join(folder, 'kubeconfig'), 'clusters: [\n');

    expect(await screenOf(() => {}, join(folder, 'kubeconfig'))).toMatchInlineSnapshot(`
      "✖ The kubeconfig cannot be used
        the kubeconfig /home/ada/kubeconfig is not YAML
        because  deficient indentation (2:1)
        where    file /home/ada/kubeconfig
        try      kubectl --kubeconfig /home/ada/kubeconfig config view
                 get the file again from where it was made
      "
    `);
  });

  it.each(['', 'just text\n', '[1, 2]\n', 'apiVersion: novasphere.dev/v1alpha1\nkind: Profile\n', 'clusters: none\n'])(
    'is something else: %j',
    async (text) => {
      writeFileSync(join(folder, 'kubeconfig'), text);

      expect(flat(await screenOf(() => {}, join(folder, 'kubeconfig')))).toContain(
        '/home/ada/kubeconfig is not a kubeconfig: it names no cluster',
      );
    },
  );

  it('has no current context', async () => {
    expect(await screenOf((config) => delete config['current-context'])).toMatchInlineSnapshot(`
      "✖ The kubeconfig cannot be used
        the kubeconfig /home/ada/kubeconfig does not say which of
        its contexts is meant: it has no current-context
        where    file /home/ada/kubeconfig
        seen     contexts in it: plant
        try      kubectl config use-context plant --kubeconfig /home/ada/kubeconfig
                 kubectl --kubeconfig /home/ada/kubeconfig config get-contexts
      "
    `);
  });

  it('has a current context that it does not hold', async () => {
    expect(
      await screenOf((config) => {
        config['current-context'] = 'factory';
      }),
    ).toMatchInlineSnapshot(`
      "✖ The kubeconfig cannot be used
        the current context factory of the kubeconfig
        /home/ada/kubeconfig does not exist
        where    file /home/ada/kubeconfig
        seen     contexts in it: plant
        try      kubectl config use-context plant --kubeconfig /home/ada/kubeconfig
                 kubectl --kubeconfig /home/ada/kubeconfig config get-contexts
      "
    `);
  });

  it.each(['cluster', 'user'])('has a context with a %s that it does not hold', async (what) => {
    const screen = flat(
      await screenOf(({ contexts }) => {
        contexts[0].context[what] = 'other';
      }),
    );

    expect(screen).toContain(
      `the context plant of the kubeconfig /home/ada/kubeconfig names the ${what} other, which it`,
    );
    expect(screen).toContain(`${what}s in it: ${what === 'user' ? 'admin' : 'plant-7'}`);
  });

  it.each([undefined, 6443, 'plant-7:6443', 'ftp://plant-7'])(
    'has %s as the address of the cluster',
    async (server) => {
      const screen = await screenOf(({ clusters }) => {
        clusters[0].cluster = server === undefined ? {} : { server };
      });

      expect(flat(screen)).toContain('does not say where the cluster plant-7 is: its server is no URL');
    },
  );

  it('has an address without https', async () => {
    expect(
      await screenOf(({ clusters }) => {
        clusters[0].cluster.server = '10.7.0.10';
      }),
    ).toMatchInlineSnapshot(`
      "✖ The kubeconfig cannot be used
        the kubeconfig /home/ada/kubeconfig does not say where the
        cluster plant-7 is: its server is no URL
        where    file /home/ada/kubeconfig
        try      kubectl config set-cluster plant-7 --server https://ADDRESS:6443 --kubeconfig /home/ada/kubeconfig
      "
    `);
  });

  it('has a server without TLS, and does not say that this is meant', async () => {
    const screen = await screenOf(({ clusters }) => {
      clusters[0].cluster.server = 'http://10.7.0.10:8001';
    });

    expect(screen).toMatchInlineSnapshot(`
      "✖ The kubeconfig cannot be used
        the kubeconfig /home/ada/kubeconfig names the server
        http://10.7.0.10:8001, which is not protected by TLS
        because  whoever listens on the way could read the token
        where    file /home/ada/kubeconfig
        try      kubectl config set-cluster plant-7 --server https://10.7.0.10:8001 --kubeconfig /home/ada/kubeconfig
                 kubectl config set-cluster plant-7 --insecure-skip-tls-verify=true --kubeconfig /home/ada/kubeconfig
                   where it is meant
      "
    `);
  });

  it('has a client certificate that has run out', async () => {
    const screen = await screenOf(({ users }) => {
      users[0].user = { 'client-certificate-data': Buffer.from(certificate).toString('base64') };
    });

    expect(screen).toMatchInlineSnapshot(`
      "✖ The kubeconfig cannot be used
        the client certificate of the user admin in the kubeconfig
        /home/ada/kubeconfig ran out on 2027-11-21
        because  the API server takes an expired certificate for nobody at all
        where    file /home/ada/kubeconfig
        try      get a new kubeconfig; on a node of k3s it is /etc/rancher/k3s/k3s.yaml
                 systemctl restart k3s
                   on a node: renews certificates that end within 120 days, and writes
                   the file again
      "
    `);
  });

  it('has a client certificate that is none', async () => {
    const screen = await screenOf(({ users }) => {
      users[0].user = { 'client-certificate-data': 'bm9uZQ==' };
    });

    expect(flat(screen)).toContain(
      'the client certificate of the user admin in the kubeconfig /home/ada/kubeconfig is none',
    );
  });

  it('names a file that is not there', async () => {
    const screen = await screenOf(({ users }) => {
      users[0].user = { 'client-certificate': 'admin.crt' };
    });

    expect(flat(screen)).toContain(
      '/home/ada/admin.crt, which the kubeconfig /home/ada/kubeconfig names, is not there',
    );
  });
});
