import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A containerd that imports images as that of k3s does, and runs nothing. */
export interface Containerd {
  /** Imports an archive as k3s does with those in its images folder: decompressed on the way. */
  import(archive: string): Promise<void>;
  /** Reference → digest of its manifest, as the installer reads them. */
  images(): Promise<ReadonlyMap<string, string>>;
  /** References of images of which everything is there and unpacked. */
  whole(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export async function startContainerd(): Promise<Containerd> {
  const folder = await mkdtemp(join(tmpdir(), 'novasphere-containerd-'));
  const config = join(folder, 'config.toml');
  const address = join(folder, 'sock');
  await writeFile(config, configuration(folder, address));
  // Ends with whoever has started it, whatever becomes of them.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'containerd', '--config', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await booted(child.stderr);
  const ctr = (...words: readonly string[]) => run('ctr', ['--address', address, '--namespace', 'k8s.io', ...words]);
  return {
    async import(archive) {
      // Plain folders instead of overlays, which not every machine of a test can mount.
      const words = `zstd -dc "$1" | ctr --address "$2" --namespace k8s.io images import --snapshotter native -`;
      await run('bash', ['-o', 'pipefail', '-c', words, 'import', archive, address]);
    },
    async images() {
      const { stdout } = await ctr('images', 'list');
      const rows = stdout.trim().split('\n').slice(1);
      return new Map(rows.map((row) => row.split(/\s+/)).map(([reference = '', , digest = '']) => [reference, digest]));
    },
    async whole() {
      const { stdout } = await ctr('images', 'check', '--snapshotter', 'native');
      const rows = stdout.trim().split('\n').slice(1);
      return rows.filter((row) => / complete .* true\s*$/.test(row)).map((row) => row.split(/\s+/)[0] ?? '');
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, address: string): string {
  return `version = 2
root = "${folder}/root"
state = "${folder}/state"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "${address}"
`;
}

async function booted(stderr: NodeJS.ReadableStream): Promise<void> {
  const said: string[] = [];
  for await (const line of createInterface(stderr)) {
    said.push(line);
    if (!line.includes('containerd successfully booted')) continue;
    stderr.resume();
    return;
  }
  throw new Error(`containerd ended:\n${said.slice(-5).join('\n')}`);
}
