import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '#catalog/catalog';
import type { Answer } from '#ports/host';
import type { ProgramOptions, RunProgram } from '#ports/program';
import type { Archive } from './archive.ts';

const folders = ['etc/apt.conf.d', 'etc/preferences.d', 'etc/sources.list.d', 'lists/partial', 'cache/partial'];

export interface AptRootAbout {
  /** Made when it is not there; nothing of apt's is read or written outside of it but its own programs. */
  readonly directory: string;
  readonly architecture: Architecture;
  readonly archive: Archive;
  /** Where the archive is really asked for; a user and a password in it never reach an argument or a message. */
  readonly address: URL;
  readonly run: RunProgram;
  readonly options: ProgramOptions;
}

/** apt with a state of its own: nothing of the machine that it runs on counts, whatever that has installed or configured. */
export class AptRoot {
  private readonly about: AptRootAbout;

  private constructor(about: AptRootAbout) {
    this.about = about;
  }

  static async make(about: AptRootAbout): Promise<AptRoot> {
    const root = new AptRoot(about);
    for (const folder of folders) await mkdir(root.path(folder), { recursive: true });
    await writeFile(root.path('apt.conf'), configuration(about));
    await writeFile(root.path('etc/sources.list'), sources(about));
    await root.installed('');
    if (about.address.username !== '')
      await writeFile(root.path('etc/auth.conf'), login(about.address), { mode: 0o600 });
    // Whoever apt runs as may look in; the file with the password has a mode of its own.
    await chmod(about.directory, 0o755);
    return root;
  }

  /** What counts as installed: the text of a dpkg status file. */
  async installed(status: string): Promise<void> {
    await writeFile(this.path('status'), status);
  }

  run(command: readonly [string, ...string[]]): Promise<Answer> {
    const { run, options } = this.about;
    // apt reads this file before anything else, so that whatever else it would read lies in the root already.
    return run(command, { ...options, env: { ...options.env, LC_ALL: 'C', APT_CONFIG: this.path('apt.conf') } });
  }

  private path(file: string): string {
    return join(this.about.directory, file);
  }
}

/**
 * `internal`: the solver that every version of apt has, so that all build machines find the same. An update that is
 * being handed out in phases counts: which machines are in a phase hangs on the identity of the build machine.
 */
function configuration({ directory, architecture }: AptRootAbout): string {
  return `Dir "${directory}/";
Dir::Etc "etc";
Dir::State "${directory}";
Dir::State::status "${directory}/status";
Dir::State::lists "lists";
Dir::Cache "cache";
Dir::Cache::archives "${directory}/cache";
#clear APT::Architectures;
APT::Architecture "${architecture}";
APT::Architectures { "${architecture}"; };
APT::Solver "internal";
APT::Sandbox::User "root";
APT::Get::Always-Include-Phased-Updates "true";
APT::Update::Error-Mode "any";
Acquire::Languages "none";
Acquire::ForceHash "SHA256";
Acquire::Retries "3";
`;
}

function sources({ archive, address }: AptRootAbout): string {
  const plain = `${address.protocol}//${address.host}${address.pathname.replace(/\/$/, '')}`;
  return archive.suites
    .map((suite) => `deb [signed-by=${archive.keyring}] ${plain} ${suite} ${archive.components.join(' ')}\n`)
    .join('');
}

/** For apt_auth.conf(5); with its protocol, since apt would not hand a password to plain http otherwise. */
function login({ protocol, host, username, password }: URL): string {
  return `machine ${protocol}//${host} login ${decodeURIComponent(username)} password ${decodeURIComponent(password)}\n`;
}
