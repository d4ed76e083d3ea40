import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '#engine/fault';
import { localHost } from './local-host.ts';

const host = localHost('plant-7-a');
let ground = '';
beforeEach(() => {
  ground = mkdtempSync(join(tmpdir(), 'novasphere-local-'));
});
afterEach(() => rmSync(ground, { recursive: true }));

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.catch((error: unknown) => error);
  if (!(error instanceof Fault)) throw new Error(`expected a Fault, got ${String(error)}`);
  return error;
}

describe('localHost', () => {
  it('gives commands their input and nobody else', async () => {
    expect(await host.run(['cat'], { input: 's3cret' })).toBe('s3cret');
    expect(await host.run(['cat'])).toBe('');
  });

  it('speaks English with commands and lets none of them ask', async () => {
    const environment = (await host.run(['env'])).split('\n');

    expect(environment).toContain('LC_ALL=C');
    expect(environment).toContain('DEBIAN_FRONTEND=noninteractive');
  });

  it('hands words over as they are', async () => {
    expect(await host.run(['printf', '%s\n', '$HOME', '`id`', 'a b'])).toBe('$HOME\n`id`\na b');
  });

  it('ends a command that takes too long, and its children', async () => {
    const pids = `${ground}/pids`;
    const script = `sleep 78 & echo $! > ${pids}; wait`;

    const fault = await faultOf(host.run(['sh', '-c', script], { timeout: 300 }));

    expect(fault.message).toContain('had not ended after 300 ms and was stopped');
    const child = Number(readFileSync(pids, 'utf8'));
    const alive = () => {
      try {
        return !/^State:\s+Z/m.test(readFileSync(`/proc/${child}/status`, 'utf8'));
      } catch {
        return false;
      }
    };
    await expect.poll(alive).toBe(false);
  });

  it('says when a program is not there', async () => {
    const fault = await faultOf(host.run(['novasphere-no-such-program', '--now']));

    expect(fault.message).toBe('“novasphere-no-such-program --now” cannot run: there is no such program');
    expect(fault.remedy).toEqual(['install the package on plant-7-a that brings novasphere-no-such-program']);
  });

  it('takes the output for evidence when there were no errors on stderr', async () => {
    const fault = await faultOf(host.run(['sh', '-c', 'echo it went wrong; exit 3']));

    expect(fault.message).toBe("“sh -c 'echo it went wrong; exit 3'” failed with exit code 3");
    expect(fault.evidence).toEqual(['it went wrong']);
  });

  it('never leaves a file readable that is secret, whatever the umask', async () => {
    const before = process.umask(0o077);
    try {
      await host.write(`${ground}/open`, 'x');
      await host.write(`${ground}/closed`, 'x', 0o600);
    } finally {
      process.umask(before);
    }

    expect(statSync(`${ground}/open`).mode & 0o777).toBe(0o644);
    expect(statSync(`${ground}/closed`).mode & 0o777).toBe(0o600);
  });

  it('leaves no temporary file when a write fails', async () => {
    await host.write(`${ground}/d/f`, '');

    await faultOf(host.write(`${ground}/d`, 'x'));

    expect(readdirSync(ground)).toEqual(['d']);
  });

  it('names the place of a kernel value that is not there', async () => {
    const fault = await faultOf(host.write('/proc/sys/no/such/value', '1'));

    expect(fault.code).toMatch(/^HOST-(FILE|PERMISSION)$/);
    expect(fault.where).toContain('file /proc/sys/no/such/value');
  });
});
