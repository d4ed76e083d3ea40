import { createHash } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { spaceUnder } from '#bundle/store/space-under';
import { commandFault, fileFault } from '#engine/host-fault';
import { type Host, type HostSight, type PathFacts, Rebooting } from '#ports/host';
import { isQuestion } from '#ports/question';
import { runCommand } from './local-host-command.ts';
import { removeFile, replaceFile, writeKernelFile } from './local-host-file.ts';

const tenMinutes = 600_000;
const oneMinute = 60_000;
/** Files there are values of the kernel: they cannot be replaced, only written to. */
const ofKernel = /^\/(proc|sys)\//;

/** The machine that this process runs on. `name` is the node's name in the profile. */
export function localHost(name: string): Host {
  const guard = guardOf(name);
  const run: Host['run'] = async (command, { input, timeout = tenMinutes } = {}) => {
    const { answer, ending } = await runCommand(command, { timeout, ...(input === undefined ? {} : { input }) });
    if (ending !== undefined) throw commandFault(name, command, ending, answer.stderr || answer.stdout);
    return answer.stdout;
  };
  return {
    ...localSight(name),
    write(path, content, mode = 0o644) {
      const work = ofKernel.test(path) ? writeKernelFile(path, content) : replaceFile(path, mode, { content });
      return guard('write', path, work, () => Buffer.byteLength(content));
    },
    place: (source, path, mode = 0o644) =>
      guard('write', path, replaceFile(path, mode, { source }), async () => (await stat(source)).size),
    remove: (path) => guard('remove', path, removeFile(path)),
    run,
    async reboot() {
      await run(['systemctl', 'reboot']);
      throw new Rebooting(`${name} restarts now`);
    },
  };
}

function localSight(name: string): HostSight {
  const guard = guardOf(name);
  return {
    name,
    read: (path) => guard('read', path, orAbsent(readFile(path, 'utf8'))),
    list: (path) =>
      guard(
        'list',
        path,
        orAbsent(readdir(path)).then((names) => (names ?? []).sort()),
      ),
    look: (path) =>
      guard(
        'look at',
        path,
        orAbsent(lstat(path)).then((facts) => facts && seen(facts)),
      ),
    digest: (path) => guard('read', path, orAbsent(digest(path))),
    async ask(question) {
      if (!isQuestion(question)) throw new Error(`not a read-only command: ${String(question)}; see ports/question.ts`);
      const { answer, ending } = await runCommand(question, { timeout: oneMinute });
      if (ending?.kind === 'absent') return { ...answer, exitCode: 127 };
      if (ending !== undefined && ending.kind !== 'exit') throw commandFault(name, question, ending, answer.stderr);
      return answer;
    },
  };
}

/** What the system says of a file becomes a Fault here, once. `sizeOf` tells how much was to be written. */
function guardOf(host: string) {
  return <T>(doing: string, path: string, work: Promise<T>, sizeOf?: () => number | Promise<number>): Promise<T> =>
    work.catch(async (error: NodeJS.ErrnoException) => {
      const { code, message: said } = error;
      const isFull = code === 'ENOSPC' || code === 'EDQUOT';
      const more = isFull ? { size: await sizeOf?.(), space: await spaceUnder(path) } : {};
      throw fileFault({ host, doing, path, code, said, ...more });
    });
}

async function orAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function seen(facts: { readonly mode: number; readonly size: number }): PathFacts {
  return { kind: kindOf(facts.mode & constants.S_IFMT), mode: facts.mode & 0o7777, size: facts.size };
}

function kindOf(type: number): PathFacts['kind'] {
  if (type === constants.S_IFREG) return 'file';
  if (type === constants.S_IFDIR) return 'directory';
  if (type === constants.S_IFLNK) return 'link';
  return type === constants.S_IFCHR || type === constants.S_IFBLK ? 'device' : 'other';
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
