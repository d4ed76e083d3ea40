import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One Go module of ours: it names programs of others, and their exact versions. */
interface Source {
  readonly folder: 'kubernetes' | 'etcd' | 'kwok' | 'registry';
  /** Program → package that it is built from. */
  readonly programs: Readonly<Record<string, string>>;
  readonly ldflags: string;
}

const kubernetes = 'v1.35.8';
const sources: readonly Source[] = [
  {
    folder: 'kubernetes',
    programs: Object.fromEntries(
      ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'].map((name) => [
        name,
        `k8s.io/kubernetes/cmd/${name}`,
      ]),
    ),
    ldflags: `-s -w -X k8s.io/component-base/version.gitVersion=${kubernetes}`,
  },
  { folder: 'etcd', programs: { etcd: 'go.etcd.io/etcd/server/v3' }, ldflags: '-s -w' },
  { folder: 'kwok', programs: { kwok: 'sigs.k8s.io/kwok/cmd/kwok' }, ldflags: '-s -w' },
];

/** Not of the control plane: built for those who ask for a registry, and by them alone. */
const registry: Source = {
  folder: 'registry',
  programs: { registry: 'github.com/distribution/distribution/v3/cmd/registry' },
  ldflags: '-s -w',
};

/** What each program has to say of itself before it is used. */
const versions: Readonly<Record<string, readonly [readonly string[], string]>> = {
  'kube-apiserver': [['--version'], `Kubernetes ${kubernetes}`],
  'kube-controller-manager': [['--version'], `Kubernetes ${kubernetes}`],
  'kube-scheduler': [['--version'], `Kubernetes ${kubernetes}`],
  kubectl: [['version', '--client'], `Client Version: ${kubernetes}`],
  etcd: [['--version'], 'etcd Version: 3.6.'],
  kwok: [['--version'], 'kwok version v0.8.'],
};

export type Program = 'kube-apiserver' | 'kube-controller-manager' | 'kube-scheduler' | 'kubectl' | 'etcd' | 'kwok';

export interface Binaries {
  readonly path: Readonly<Record<Program, string>>;
  /** How kwok plays nodes and pods: its own stage files. */
  readonly stages: readonly string[];
}

const go = join(import.meta.dirname, 'go');
const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'novasphere-testbed');

/**
 * The programs of a control plane: those in `$KUBEBUILDER_ASSETS` where it is set, else built from Go modules, once,
 * into a cache outside of the checkout. `tell` hears of what takes long.
 */
export async function binaries(tell: (line: string) => void = () => undefined): Promise<Binaries> {
  const path: Record<string, string> = {};
  for (const source of sources) {
    const folder = await built(source, tell);
    for (const name of Object.keys(source.programs)) path[name] = await given(name, folder);
  }
  await Promise.all(Object.entries(path).map(([name, file]) => verify(name, file)));
  return { path: path as Binaries['path'], stages: await stagesIn(await built(sources[2] as Source, tell)) };
}

/** The path of the registry that `test/bundle` pulls from: `distribution`, built once like the others. */
export async function registryBinary(tell: (line: string) => void = () => undefined): Promise<string> {
  return join(await built(registry, tell), 'registry');
}

/** Whether everything is built already. */
export async function areBuilt(which: 'control plane' | 'registry'): Promise<boolean> {
  const wanted = which === 'registry' ? [registry] : sources;
  const there = await Promise.all(wanted.map(async (source) => exists(await folderOf(source))));
  return there.every((one) => one);
}

async function given(name: string, folder: string): Promise<string> {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  const theirs = assets === undefined || assets === '' ? undefined : join(assets, name);
  return theirs !== undefined && (await exists(theirs)) ? theirs : join(folder, name);
}

async function folderOf({ folder, ldflags }: Source): Promise<string> {
  const hash = createHash('sha256').update(ldflags);
  for (const file of ['go.mod', 'go.sum']) hash.update(await readFile(join(go, folder, file)));
  return join(cache, `${folder}-${hash.digest('hex').slice(0, 16)}`);
}

async function built(source: Source, tell: (line: string) => void): Promise<string> {
  const folder = await folderOf(source);
  if (await exists(folder)) return folder;
  await mkdir(cache, { recursive: true });
  // Built aside: what bears the name is whole, also when two build at once or one is interrupted.
  const aside = await mkdtemp(join(cache, `${source.folder}-building-`));
  for (const [name, from] of Object.entries(source.programs)) {
    tell(`building ${name} (once; it is kept in ${cache}) …`);
    const options = { cwd: join(go, source.folder), env: { ...process.env, GOFLAGS: '-mod=readonly -buildvcs=false' } };
    await run('go', ['build', '-trimpath', `-ldflags=${source.ldflags}`, '-o', join(aside, name), from], {
      ...options,
      maxBuffer: 2 ** 26,
    });
  }
  if (source.folder === 'kwok') await copyStages(aside);
  await rename(aside, folder).catch(() => rm(aside, { recursive: true }));
  return folder;
}

/** kwok's stages for quick nodes and pods lie in its module beside the program. */
async function copyStages(to: string): Promise<void> {
  const { stdout } = await run('go', ['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok'], { cwd: join(go, 'kwok') });
  for (const stage of ['pod/fast', 'node/fast', 'node/heartbeat'])
    await cp(join(stdout.trim(), 'kustomize/stage', stage), join(to, 'stages', stage), { recursive: true });
}

async function stagesIn(folder: string): Promise<readonly string[]> {
  const all = await readdir(join(folder, 'stages'), { recursive: true, withFileTypes: true });
  return all
    .filter((one) => one.isFile() && one.name.endsWith('.yaml') && one.name !== 'kustomization.yaml')
    .filter((one) => !one.parentPath.includes('testdata'))
    .map((one) => join(one.parentPath, one.name))
    .toSorted();
}

async function verify(name: string, file: string): Promise<void> {
  const [words, wanted] = versions[name] as readonly [readonly string[], string];
  const { stdout } = await run(file, words);
  if (!stdout.includes(wanted)) throw new Error(`${file} says “${stdout.trim()}” where “${wanted}” is needed`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
