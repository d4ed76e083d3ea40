import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import type { Json } from '#kube/json';

const manifest = join(import.meta.dirname, '../../manifests/operator/operator.yaml');
const objects = loadAll(readFileSync(manifest, 'utf8')) as readonly Json[];

/** The pod and the container that our manifest asks for. */
export const pod: Json = objects.find(({ kind }) => kind === 'Deployment')?.['spec'].template.spec;
export const container: Json = pod['containers'][0];

/** An OCI image layout with one image, as a runtime reads it. */
export class UnpackedImage {
  readonly #folder = mkdtempSync(join(tmpdir(), 'novasphere-image-'));
  readonly #layout: string;
  readonly manifest: Json;
  readonly config: Json;

  constructor(layout: string) {
    this.#layout = layout;
    const index: Json = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8'));
    this.manifest = this.#read(index.manifests[0].digest);
    this.config = this.#read(this.manifest['config'].digest);
    mkdirSync(this.rootfs);
    for (const layer of this.#layers)
      execFileSync('tar', ['--zstd', '-xpf', layer, '--numeric-owner', '-C', this.rootfs]);
  }

  get rootfs(): string {
    return join(this.#folder, 'rootfs');
  }

  get #layers(): readonly string[] {
    return this.manifest['layers'].map(({ digest }: Json) => this.#path(digest));
  }

  /** `-rwxr-xr-x 0/0 123 1970-01-01 00:00:00 usr/bin/node` of everything in it. */
  listing(): readonly string[] {
    const words = ['--zstd', '--numeric-owner', '--utc', '--full-time', '-tvf'];
    return this.#layers.flatMap((layer) =>
      execFileSync('tar', [...words, layer], utf8)
        .trimEnd()
        .split('\n'),
    );
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #path(digest: string): string {
    return join(this.#layout, 'blobs/sha256', digest.slice('sha256:'.length));
  }

  #read(digest: string): Json {
    return JSON.parse(readFileSync(this.#path(digest), 'utf8'));
  }
}
const utf8 = { encoding: 'utf8' } as const;

interface Launch {
  /** What is run in place of what the image runs. */
  readonly program?: readonly string[];
  readonly words?: readonly string[];
  readonly env?: readonly string[];
  /** Files of this machine by the place where the container has them, to be read. */
  readonly files?: Readonly<Record<string, string>>;
  /** As a wrong Deployment would have it: permissions alone keep the files as they are. */
  readonly writableRoot?: boolean;
}

/** A container of the image, by runc, restricted as our manifest has it; it shares the machine's network. */
export class OperatorContainer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'novasphere-container-'));
  readonly #child: ChildProcess;
  readonly said = { out: '', err: '' };
  /** Its exit code. */
  readonly ended: Promise<number | null>;

  constructor(image: UnpackedImage, launch: Launch) {
    writeFileSync(join(this.#folder, 'config.json'), JSON.stringify(runtimeConfig(image, launch)));
    const name = this.#folder.split('/').at(-1) ?? '';
    const words = ['--root', join(this.#folder, 'state'), 'run', '--bundle', this.#folder, name];
    this.#child = spawn('runc', words, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (text) => (this.said.out += text));
    this.#child.stderr?.on('data', (text) => (this.said.err += text));
    this.ended = new Promise((resolve) => this.#child.once('close', resolve));
  }

  /** runc hands it on to the program. */
  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async close(): Promise<void> {
    if (this.#child.exitCode === null) this.signal('SIGTERM');
    await this.ended;
    rmSync(this.#folder, { recursive: true });
  }
}

function runtimeConfig({ rootfs, config }: UnpackedImage, launch: Launch): Json {
  const { Entrypoint, Env, WorkingDir, User } = config['config'];
  const { securityContext } = container;
  const [uid, gid] = String(User).split(':').map(Number);
  // All capabilities are dropped: none is left to be listed.
  const none = { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] };
  const mounts = Object.entries(launch.files ?? {}).map(([destination, source]) => {
    return { destination, source, type: 'bind', options: ['bind', 'ro'] };
  });
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid: pod['securityContext'].runAsUser ?? uid, gid },
      args: [...(launch.program ?? Entrypoint), ...(launch.words ?? [])],
      env: [...Env, ...(launch.env ?? [])],
      cwd: WorkingDir,
      noNewPrivileges: securityContext.allowPrivilegeEscalation === false,
      capabilities: none,
    },
    root: { path: rootfs, readonly: launch.writableRoot !== true && securityContext.readOnlyRootFilesystem === true },
    mounts: [{ destination: '/proc', type: 'proc', source: 'proc' }, ...mounts],
    linux: { namespaces: ['pid', 'mount', 'ipc', 'uts'].map((type) => ({ type })) },
  };
}
