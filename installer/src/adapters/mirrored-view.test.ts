import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Entry } from '#ports/journal';
import { mirroredView } from './mirrored-view.ts';

const began: Entry = {
  event: 'phase-began',
  at: '2026-11-21T06:00:00.000Z',
  phase: 'host',
  title: 'Prepare the host …',
};

describe('a mirrored view', () => {
  it('writes plain ASCII lines to every console that is there, beside the view itself', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'consoles-'));
    writeFileSync(join(directory, 'ttyS0'), '');
    const shown: string[] = [];
    const view = { show: (entry: Entry) => void shown.push(entry.event), close: async () => {} };

    const mirrored = mirroredView(view, ['ttyS0', 'absent'], directory);
    mirrored.show(began);
    await mirrored.close();

    expect(shown).toEqual(['phase-began']);
    expect(readFileSync(join(directory, 'ttyS0'), 'utf8')).toMatch(/Prepare the host \.\.\.\r\n$/);
  });
});
