import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { load } from 'js-yaml';
import type { Json } from '#kube/json';
import { kubeconfigScreens as screens } from './kubeconfig-screens.ts';

/** What a kubeconfig says in its current context, without its secrets. */
export interface KubeconfigFacts {
  readonly path: string;
  readonly context: string;
  /** `https://10.7.0.10:6443`. */
  readonly server: string;
  /** By its name in the file. */
  readonly user: string;
  /** What is run to get a token, and how its maker says to install it. */
  readonly program?: { readonly command: string; readonly hint?: string };
}

/** Reads a kubeconfig before anything is asked of it; whatever is wrong with it is a Fault KUBECONFIG-INVALID. */
export async function readKubeconfig(path: string, now: number): Promise<KubeconfigFacts> {
  const config = parsed(await textOf(path), path);
  const context = currentContext(config, path);
  const clusters = namesOf(config.clusters);
  const cluster = entry(config.clusters, context.cluster)?.cluster;
  if (cluster === undefined) throw screens.lacks(path, context.name, 'cluster', context.cluster, clusters);
  if (!isAddress(cluster.server)) throw screens.noServer(path, context.cluster);
  if (isOpen(cluster)) throw screens.withoutTls(path, context.cluster, cluster.server);
  const user = entry(config.users, context.user)?.user;
  if (user === undefined) throw screens.lacks(path, context.name, 'user', context.user, namesOf(config.users));
  await refuseExpired(user, context.user, path, now);
  return {
    path,
    context: context.name,
    server: cluster.server,
    user: context.user,
    ...programOf(user),
  };
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw screens.unreadable(path, error as NodeJS.ErrnoException);
  }
}

function parsed(text: string, path: string): Json {
  if (text.trim() === '') throw screens.notOne(path);
  let config: Json;
  try {
    config = load(text);
  } catch (error) {
    throw screens.notYaml(path, error as Error);
  }
  const isOne = config !== null && typeof config === 'object' && Array.isArray(config.clusters ?? []);
  if (!isOne || (config.clusters === undefined && config.contexts === undefined)) throw screens.notOne(path);
  return config;
}

interface Context {
  readonly name: string;
  readonly cluster: string;
  readonly user: string;
}

function currentContext(config: Json, path: string): Context {
  const name = config['current-context'];
  const names = namesOf(config.contexts);
  if (typeof name !== 'string' || name === '') throw screens.noContext(path, names);
  const context = entry(config.contexts, name)?.context;
  if (context === undefined) throw screens.unknownContext(path, name, names);
  return { name, cluster: String(context.cluster ?? ''), user: String(context.user ?? '') };
}

/** An expired client certificate is no certificate to the API server: it only says 401. */
async function refuseExpired(user: Json, name: string, path: string, now: number): Promise<void> {
  const pem = await certificateOf(user, path);
  if (pem === undefined) return;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch (error) {
    throw screens.notCertificate(path, name, error as Error);
  }
  if (certificate.validToDate.getTime() < now) throw screens.expired(path, name, certificate.validToDate);
}

async function certificateOf(user: Json, path: string): Promise<Buffer | undefined> {
  const data = user['client-certificate-data'];
  if (typeof data === 'string') return Buffer.from(data, 'base64');
  const file = user['client-certificate'];
  if (typeof file !== 'string') return undefined;
  const whole = resolve(dirname(path), file);
  return readFile(whole).catch((error: NodeJS.ErrnoException) => {
    throw screens.unreadable(whole, error, path);
  });
}

function programOf({ exec }: Json): Pick<KubeconfigFacts, 'program'> {
  if (typeof exec?.command !== 'string') return {};
  const hint: unknown = exec.installHint;
  return { program: { command: exec.command, ...(typeof hint === 'string' ? { hint: hint.trim() } : {}) } };
}

function isAddress(server: unknown): server is string {
  return typeof server === 'string' && /^https?:\/\//.test(server) && URL.canParse(server);
}

/** Plain HTTP, and nobody has said that this is meant: client-node refuses it, because a token can be read on its way. */
function isOpen(cluster: Json): boolean {
  return cluster.server.startsWith('http://') && cluster['insecure-skip-tls-verify'] !== true;
}

function entry(rows: Json, name: string): Json {
  return listed(rows).find((row) => row?.name === name);
}

function namesOf(rows: Json): readonly string[] {
  return listed(rows).flatMap((row) => (typeof row?.name === 'string' ? [row.name] : []));
}

function listed(rows: Json): readonly Json[] {
  return Array.isArray(rows) ? rows : [];
}
