import { Fault } from '#engine/fault';
import type { Profile } from './schema.ts';
import { Secret, type SecretSource } from './secret.ts';

/** Where secrets are read from: the machine that the installer runs on. */
export interface SecretReader {
  /** Undefined when there is no such file; rejects when it cannot be read. `mode` holds the permission bits. */
  file(path: string): Promise<{ readonly text: string; readonly mode: number } | undefined>;
  env(name: string): string | undefined;
}

/** The secrets of one run, read when it started. */
export interface Secrets {
  /** The value of a source that the profile names. */
  reveal(source: SecretSource): Secret;
  /** Every value, so that whoever writes things down can refuse to write one of these. */
  revealed(): ReadonlySet<string>;
}

/** Reads every secret that the profile names; a Fault PROFILE-SECRET that tells of all which cannot be had. */
export async function resolveSecrets(profile: Profile, reader: SecretReader): Promise<Secrets> {
  const known = new Map<string, Secret>();
  const faults: Fault[] = [];
  for (const { source, path } of secretsOf(profile)) {
    const found = await read(source, path, reader);
    if (found instanceof Fault) faults.push(found);
    else known.set(keyOf(source), new Secret(found));
  }
  const [first, ...others] = faults;
  if (first !== undefined) throw withOthers(first, others);
  return {
    reveal: (source) => known.get(keyOf(source)) ?? unknown(source),
    revealed: () => new Set([...known.values()].map((secret) => secret.reveal())),
  };
}

/** Answers every source with a made-up value: for rehearsals, which need none of the real ones. */
export function madeUpSecrets(): SecretReader {
  const madeUp = (name: string): string => `made-up-${name.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '')}`;
  return { file: async (path) => ({ text: madeUp(path), mode: 0o600 }), env: (name) => madeUp(name) };
}

interface Named {
  readonly source: SecretSource;
  readonly path: string;
}

/** Every secret of a profile with its place, in the order of the profile. */
export function secretsOf({ nodes, host, cluster }: Profile): readonly Named[] {
  const users = [
    ...nodes.flatMap((node, index) => hashes(node.host?.users, `nodes[${index}].host`)),
    ...hashes(host.users, 'host'),
  ];
  const { token } = cluster.k3s;
  const logins = Object.entries(cluster.registries.configs ?? {}).flatMap(([name, { auth }]) =>
    auth === undefined ? [] : [{ source: auth.password, path: `cluster.registries.configs["${name}"].auth.password` }],
  );
  return [...users, ...(token === undefined ? [] : [{ source: token, path: 'cluster.k3s.token' }]), ...logins];
}

function hashes(users: Profile['host']['users'] = [], path: string): readonly Named[] {
  return users.flatMap(({ passwordHash }, index) =>
    typeof passwordHash === 'object' ? [{ source: passwordHash, path: `${path}.users[${index}].passwordHash` }] : [],
  );
}

async function read(source: SecretSource, path: string, reader: SecretReader): Promise<string | Fault> {
  const found =
    'fromEnv' in source ? fromEnv(source.fromEnv, path, reader) : await fromFile(source.fromFile, path, reader);
  if (found instanceof Fault) return found;
  const value = found.replace(/\r?\n$/, '');
  const place = 'fromEnv' in source ? `the environment variable ${source.fromEnv}` : source.fromFile;
  if (value.trim() === '') return fault(`the secret ${path} is empty: ${place}`, path, fill(source));
  if (/[\r\n\0]/.test(value)) return fault(`the secret ${path} has more than one line: ${place}`, path, fill(source));
  return value;
}

function fill(source: SecretSource): string {
  return 'fromEnv' in source ? `export ${source.fromEnv}=…` : `sudo install -m 600 /dev/stdin ${source.fromFile}`;
}

function fromEnv(name: string, path: string, reader: SecretReader): string | Fault {
  const value = reader.env(name);
  return (
    value ??
    fault(`the secret ${path} is missing: the environment variable ${name} is not set`, path, `export ${name}=…`)
  );
}

async function fromFile(file: string, path: string, reader: SecretReader): Promise<string | Fault> {
  try {
    const found = await reader.file(file);
    if (found === undefined)
      return fault(`the secret ${path} is missing: there is no file ${file}`, path, fill({ fromFile: file }));
    const mode = found.mode.toString(8).padStart(4, '0');
    if ((found.mode & 0o007) !== 0)
      return fault(`the secret ${path} is open to everybody: ${file} has mode ${mode}`, path, `sudo chmod 600 ${file}`);
    return found.text;
  } catch (error) {
    return fault(`the secret ${path} cannot be read: ${file}`, path, `sudo ls -l ${file}`, error);
  }
}

function fault(message: string, path: string, remedy: string, cause?: unknown): Fault {
  return new Fault({
    code: 'PROFILE-SECRET',
    message,
    where: [path],
    remedy: [remedy],
    ...(cause === undefined ? {} : { cause }),
  });
}

function withOthers(first: Fault, others: readonly Fault[]): Fault {
  if (others.length === 0) return first;
  return new Fault({
    code: 'PROFILE-SECRET',
    message: `${others.length + 1} secrets of the profile cannot be had`,
    where: [first, ...others].flatMap(({ where }) => where),
    evidence: [first, ...others].map(({ message }) => message),
    remedy: [first.remedy[0], ...others.flatMap(({ remedy }) => remedy)],
  });
}

function keyOf(source: SecretSource): string {
  return 'fromEnv' in source ? `env ${source.fromEnv}` : `file ${source.fromFile}`;
}

function unknown(source: SecretSource): never {
  throw fault(
    `a secret that the profile does not name was asked for: ${keyOf(source)}`,
    'profile',
    'report this: it is a mistake in Novasphere',
  );
}
