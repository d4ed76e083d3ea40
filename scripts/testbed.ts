import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { binaries } from '../test/testbed/binaries.ts';
import { freePort } from '../test/testbed/program.ts';
import { relay } from '../test/testbed/relay.ts';
import { lacksForBed } from './bed-needs.ts';

/** `scripts/testbed up [--bare] | down | status`: a control plane of this machine's own, reached by a kubeconfig. */
const root = join(import.meta.dirname, '..');
const state = join(process.env['XDG_STATE_HOME'] || join(homedir(), '.local/state'), 'novasphere-testbed');
const files = { pid: join(state, 'pid'), log: join(state, 'log'), kubeconfig: join(state, 'kubeconfig') };

const [command, ...words] = process.argv.slice(2);
const commands: Readonly<Record<string, () => Promise<number> | number>> = { up, down, status, hold };
const chosen = commands[command ?? ''];
if (chosen === undefined) {
  console.error(
    'scripts/testbed up [--bare]   a cluster as it is when k3s is installed; --bare: with nodes of kwok alone',
  );
  console.error('scripts/testbed status        whether it runs, and how to reach it');
  console.error('scripts/testbed down          ends it, and takes its data away');
  process.exit(2);
}
process.exitCode = await chosen();

async function up(): Promise<number> {
  if (running() !== undefined) return status();
  const lacks = await lacksForBed();
  if (lacks !== undefined) {
    console.error(`the test bed ${lacks}`);
    return 1;
  }
  await binaries((line) => console.error(line));
  rmSync(state, { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  const log = openSync(files.log, 'a');
  const holder = spawn(process.execPath, [join(import.meta.dirname, 'testbed.ts'), 'hold', ...words], {
    detached: true,
    stdio: ['ignore', log, log],
  });
  holder.unref();
  writeFileSync(files.pid, String(holder.pid));
  while (running() !== undefined) {
    if (readFileSync(files.log, 'utf8').includes('ready\n')) return status();
    await sleep(100);
  }
  console.error(`it did not start:\n${readFileSync(files.log, 'utf8')}`);
  return 1;
}

/** Runs until it is ended: holds the bed, and leads from a port of loopback into its network. */
async function hold(): Promise<number> {
  const port = await freePort();
  const kind = words.includes('--bare') ? 'bare' : 'site';
  const bed = [join(root, 'test/testbed/developer-bed.ts'), state, String(port), kind];
  // The bed ends when this end of its standard input is gone, however that comes about.
  const child = spawn(join(root, 'test/testbed/in-namespace'), bed, { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
  process.once('SIGTERM', () => child.stdin?.end());
  await relay({ host: '127.0.0.1', port }, { path: join(state, 'api.sock') });
  process.exit(await ended);
}

async function down(): Promise<number> {
  const pid = running();
  if (pid !== undefined) process.kill(pid, 'SIGTERM');
  while (running() !== undefined) await sleep(50);
  rmSync(state, { recursive: true, force: true });
  console.log(pid === undefined ? 'no test bed is running' : 'the test bed has ended');
  return 0;
}

function status(): number {
  const pid = running();
  if (pid === undefined) {
    console.log('no test bed is running; scripts/testbed up starts one');
    return 1;
  }
  const { server } = JSON.parse(readFileSync(files.kubeconfig, 'utf8')).clusters[0].cluster;
  console.log(`the test bed answers at ${server}, process ${pid}`);
  console.log(`  export KUBECONFIG=${files.kubeconfig}`);
  console.log(
    `  ${relative(process.cwd(), join(root, 'scripts/novasphere'))} explain --kubeconfig ${files.kubeconfig}`,
  );
  return 0;
}

/** The process that holds the bed, while it lives. */
function running(): number | undefined {
  try {
    const pid = Number(readFileSync(files.pid, 'utf8'));
    // A process that nobody has buried yet still has its number.
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8')) ? undefined : pid;
  } catch {
    return undefined;
  }
}
