import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const socket = `novasphere-test-${process.pid}`;

function tmux(...words: readonly string[]): string {
  return execFileSync('tmux', ['-L', socket, ...words], { cwd: root, encoding: 'utf8' });
}

/** Runs a command in a real terminal of 80 × 24 and gives everything that it left on the screen and above it. */
async function screenOf(command: string, term = 'screen-256color'): Promise<readonly string[]> {
  tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-x',
    '80',
    '-y',
    '24',
    '-s',
    'one',
    `TERM=${term} ${command}; echo "ended with $?"; sleep 60`,
  );
  try {
    for (let look = 0; look < 300; look++) {
      const screen = tmux('capture-pane', '-p', '-t', 'one', '-S', '-2000').trimEnd().split('\n');
      if (screen.some((line) => line.startsWith('ended with'))) return screen;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error('the command did not end');
  } finally {
    tmux('kill-session', '-t', 'one');
  }
}

describe('screens of 80 columns', () => {
  afterAll(() => {
    try {
      tmux('kill-server');
    } catch {
      // It ends by itself with its last session.
    }
  });

  it('shows a whole rehearsal on a terminal and ends with the verdict', async () => {
    const screen = await screenOf('scripts/novasphere rehearse profiles/single-node.yaml');

    expect(screen.at(-1)).toBe('ended with 0');
    expect(screen.join('\n')).toContain('novasphere-sample-vm login:');
  });

  it('writes plain lines on a terminal that can do nothing', async () => {
    const screen = await screenOf('scripts/novasphere rehearse profiles/single-node.yaml', 'dumb');

    expect(screen.at(-1)).toBe('ended with 0');
    expect(screen.join('\n')).not.toContain('\u001b');
  });

  it('shows the mistakes of a profile within the width', async () => {
    const screen = await screenOf('scripts/novasphere validate profiles/broken/*.yaml');

    expect(screen.at(-1)).toBe('ended with 3');
    expect(screen.every((line) => line.length <= 80)).toBe(true);
  });
});
