import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { registryBinary } from './binaries.ts';

/** Who may ask a registry that was started with `users`. */
export const registryUser = { name: 'tester', password: 'open sesame' } as const;
/** `perl -e 'print crypt("open sesame", "\$2b\$05\$novaspheretestbedsalO.")'`: the registry takes bcrypt only. */
const htpasswd = `${registryUser.name}:$2b$05$novaspheretestbedsalO.Cm2d.BEj9yxTDaa0oq2NXXDeZhwhpEO\n`;

/** The registry of the distribution project on loopback, without TLS; its data lie in a folder of its own. */
export interface Registry {
  /** `127.0.0.1:38783` */
  readonly host: string;
  /** Where it keeps its data: blobs lie in `docker/registry/v2/blobs/sha256/ab/abcd…/data`. */
  readonly data: string;
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export async function startRegistry(options: { readonly users?: boolean } = {}): Promise<Registry> {
  const folder = await mkdtemp(join(tmpdir(), 'novasphere-registry-'));
  const data = join(folder, 'data');
  const file = join(folder, 'config.yaml');
  await writeFile(file, configuration(folder, data, options.users === true));
  await writeFile(join(folder, 'htpasswd'), htpasswd);
  // Ends with whoever has started it, whatever becomes of them.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', await registryBinary(), 'serve', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const host = await hostIn(child.stderr).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { host, data, stop, [Symbol.asyncDispose]: stop };
}

function configuration(folder: string, data: string, users: boolean): string {
  const auth = { htpasswd: { realm: 'test bed', path: join(folder, 'htpasswd') } };
  return JSON.stringify({
    version: 0.1,
    log: { level: 'info', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: data }, delete: { enabled: true } },
    http: { addr: '127.0.0.1:0', secret: 'of the test bed' },
    ...(users ? { auth } : {}),
  });
}

/** It chooses a free port itself and says which. */
async function hostIn(stderr: NodeJS.ReadableStream): Promise<string> {
  const said: string[] = [];
  for await (const line of createInterface(stderr)) {
    const [, host] = /listening on (127\.0\.0\.1:\d+)/.exec(line) ?? [];
    said.push(line);
    if (host === undefined) continue;
    stderr.resume();
    return host;
  }
  throw new Error(`the registry ended:\n${said.slice(-5).join('\n')}`);
}
