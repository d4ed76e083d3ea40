import { describe, expect, it } from 'vitest';
import { Progress } from './progress.ts';
import { liveLine, plainLine } from './progress-lines.ts';

const mebibyte = 1 << 20;
const jobs = [
  { name: 'images/k3s-airgap-images-amd64.tar.zst', size: 3000 * mebibyte },
  { name: 'bin/k3s', size: 70 * mebibyte },
  { name: 'bin/virtctl', size: 60 * mebibyte },
];
const [images, k3s, virtctl] = jobs.map(({ name }) => name) as [string, string, string];
const has = (name: string, mebibytes: number, more: { kept?: true } = {}) =>
  ({ kind: 'has', name, bytes: mebibytes * mebibyte, ...more }) as const;

/** Three seconds at 40 MiB/s, after an earlier run had left 1000 MiB. */
function halfWay(): Progress {
  const progress = new Progress(jobs);
  progress.see({ kind: 'began', name: images }, 0);
  progress.see({ kind: 'began', name: k3s }, 0);
  progress.see(has(images, 1000, { kept: true }), 0);
  for (let second = 1; second <= 3; second += 1) progress.see(has(images, 1000 + 40 * second), 1000 * second);
  return progress;
}

describe('the progress of a fetch', () => {
  it('counts what was there before, but not as speed', () => {
    expect(halfWay().at(3000)).toEqual({
      jobs: 3,
      done: 0,
      failed: 0,
      here: 1120 * mebibyte,
      total: 3130 * mebibyte,
      rate: 40 * mebibyte,
      left: (2010 / 40) * 1000,
      underWay: [images, k3s],
      waits: undefined,
    });
  });

  it('forgets how fast it was ten seconds ago', () => {
    const progress = halfWay();
    for (let second = 4; second <= 20; second += 1) progress.see(has(images, 1120 + (second - 3)), 1000 * second);
    expect(progress.at(20_000).rate).toBe(mebibyte);
  });

  it('is at a standstill when nothing comes', () => {
    expect(halfWay().at(60_000)).toMatchObject({ rate: 0, left: undefined });
  });

  it('names no speed before there is one', () => {
    expect(new Progress(jobs).at(0)).toMatchObject({ rate: undefined, left: undefined, here: 0 });
    const progress = new Progress(jobs);
    progress.see(has(k3s, 1), 0);
    expect(progress.at(500).rate).toBeUndefined();
  });

  it('goes back when a file has to be begun anew, and counts what comes then', () => {
    const progress = halfWay();
    progress.see(has(images, 0), 3000);
    expect(progress.at(3000)).toMatchObject({ here: 0, rate: 40 * mebibyte });
    progress.see(has(images, 40), 4000);
    expect(progress.at(4000)).toMatchObject({ here: 40 * mebibyte, rate: 40 * mebibyte });
  });

  it('tells who waits, until something comes', () => {
    const progress = halfWay();
    progress.see(
      { kind: 'waiting', name: k3s, because: 'github.com answers 503 (Service Unavailable)', milliseconds: 1 },
      3000,
    );
    expect(progress.at(3000).waits).toBe('bin/k3s waits: github.com answers 503 (Service Unavailable)');
    progress.see(has(k3s, 1), 3100);
    expect(progress.at(3100).waits).toBeUndefined();
  });

  it('counts what is done and what failed', () => {
    const progress = halfWay();
    progress.see({ kind: 'ended', name: images, outcome: 'done' }, 4000);
    progress.see({ kind: 'ended', name: k3s, outcome: 'failed' }, 4000);
    expect(progress.at(4000)).toMatchObject({ done: 1, failed: 1, here: 3000 * mebibyte, underWay: [] });
  });
});

describe('the line of a terminal', () => {
  const line = (columns: number, unicode = true) => liveLine(halfWay().at(3000), { columns, unicode });

  it('fits, whatever the width', () => {
    expect([140, 100, 80, 60, 40].map((columns) => line(columns))).toMatchInlineSnapshot(`
      [
        "████████░░░░░░░░░░░░░░░░  35 %  1.1 of 3.1 GiB  40 MiB/s  50 s left  images/k3s-airgap-images-amd64.tar.zst, bin/k3s",
        "████████░░░░░░░░░░░░░░░░  35 %  1.1 of 3.1 GiB  40 MiB/s  50 s left  images/k3s-airgap-images-amd6…",
        "█████░░░░░░░░░  35 %  1.1 of 3.1 GiB  40 MiB/s  50 s left  images/k3s-airgap-i…",
        "35 %  1.1 of 3.1 GiB  40 MiB/s  50 s left  images/k3s-airg…",
        "35 %  1.1 of 3.1 GiB  40 MiB/s  50 s l…",
      ]
    `);
    for (let columns = 10; columns < 200; columns += 1) expect(line(columns).length).toBeLessThan(columns);
  });

  it('has a likeness without Unicode', () => {
    expect(line(120, false)).toMatchInlineSnapshot(
      `"########----------------  35 %  1.1 of 3.1 GiB  40 MiB/s  50 s left  images/k3s-airgap-images-amd64.tar.zst, bin/k3s"`,
    );
    expect(line(120, false)).toMatch(/^[ -~]+$/);
  });

  it('tells why nothing comes in the place of names', () => {
    const progress = halfWay();
    progress.see({ kind: 'waiting', name: k3s, because: 'github.com answers 503', milliseconds: 1 }, 3000);
    expect(liveLine(progress.at(3000), { columns: 140, unicode: true })).toContain(
      '  bin/k3s waits: github.com answers 503',
    );
  });

  it('needs no sizes', () => {
    const progress = new Progress([{ name: 'bin/k3s', size: 0 }]);
    progress.see({ kind: 'began', name: 'bin/k3s' }, 0);
    progress.see(has('bin/k3s', 30), 2000);
    expect(liveLine(progress.at(2000), { columns: 80, unicode: true })).toMatchInlineSnapshot(
      `"30 MiB  15 MiB/s  bin/k3s"`,
    );
  });
});

describe('the line of a serial console', () => {
  it('tells how far it is, and at the end what is here', () => {
    const progress = halfWay();
    const told = [plainLine(progress.at(3000))];
    progress.see({ kind: 'ended', name: images, outcome: 'done' }, 4000);
    progress.see({ kind: 'ended', name: k3s, outcome: 'failed' }, 4000);
    progress.see({ kind: 'began', name: virtctl }, 4000);
    told.push(plainLine(progress.at(4000)));
    progress.see({ kind: 'ended', name: virtctl, outcome: 'done' }, 5000);
    told.push(plainLine(progress.at(5000)));
    expect(told).toMatchInlineSnapshot(`
      [
        "35 %, 1.1 of 3.1 GiB, 40 MiB/s, 50 s left: images/k3s-airgap-images-amd64.tar.zst and 1 more",
        "95 %, 3 of 3.1 GiB, 30 MiB/s, 4 s left, 1 failed: bin/virtctl",
        "2 of 3 are here, 3 GiB, 1 failed",
      ]
    `);
  });
});
