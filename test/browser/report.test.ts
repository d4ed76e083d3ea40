import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'novasphere-browser-'));
const page = join(scratch, 'report.html');
const exec = promisify(execFile);

/** A browser that cannot reach anything: a page that needed the network would show holes. */
function chromium(...words: readonly string[]) {
  const quiet = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--host-resolver-rules=MAP * ~NOTFOUND',
    `--user-data-dir=${join(scratch, 'profile')}`,
  ];
  return exec('chromium', [...quiet, ...words, `file://${page}`], { maxBuffer: 64 * 2 ** 20, timeout: 90_000 });
}

describe('the HTML report of a rehearsal, in a browser', () => {
  beforeAll(async () => {
    await exec('scripts/novasphere', ['rehearse', 'profiles/single-node.yaml', '--html', page], {
      cwd: root,
      maxBuffer: 64 * 2 ** 20,
    });
  }, 60_000);

  it('is one file that asks the network for nothing', () => {
    const text = readFileSync(page, 'utf8');
    const asked = text.match(/(?:src|href)\s*=\s*["']?(?:https?:)?\/\/[^"'\s>]+|url\(\s*["']?https?:[^)]*\)|@import/g);

    expect(asked).toBeNull();
  });

  it('shows the verdict, the timeline and the certificate after the browser has laid it out', async () => {
    const { stdout } = await chromium('--dump-dom');

    expect(stdout).toContain('<svg');
    expect(stdout).toContain('login:');
    expect(stdout).toContain('novasphere-boot=2');
  });

  it('paints something on a small and on a wide screen', async () => {
    for (const size of ['390,844', '1440,2400']) {
      const picture = join(scratch, `report-${size}.png`);
      await chromium(`--window-size=${size}`, `--screenshot=${picture}`);

      expect(statSync(picture).size).toBeGreaterThan(20_000);
    }
  });
});
