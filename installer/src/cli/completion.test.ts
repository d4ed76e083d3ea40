import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCatalog } from '#catalog/load-catalog';
import { phases as allPhases } from '#phases/index';
import { compile } from '#plan/compile';
import { loadProfile } from '#profile/load';
import { commandsPage } from './commands-page.ts';
import { phases } from './completion-phases.ts';
import { completionScript } from './completion-script.ts';

/** What bash offers after these words; the last one is the one that is being typed. */
function offered(...words: readonly string[]): readonly string[] {
  const line = ['novasphere', ...words].map((word) => `'${word}'`).join(' ');
  const script = `${completionScript('bash')}
COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _novasphere 2>/dev/null; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return spawnSync('bash', ['-c', script], { encoding: 'utf8' }).stdout.trim().split('\n');
}

describe('completion', () => {
  it('offers commands', () => {
    expect(offered('re')).toEqual(['rehearse', 'reset', 'report']);
  });

  it('offers the options of a command', () => {
    expect(offered('report', '--h')).toEqual(['--html', '--help']);
  });

  it('offers phases where a phase is wanted', () => {
    expect(offered('apply', 'x.yaml', '--only', '')).toEqual(phases);
  });

  it('offers the values of an option and of an argument', () => {
    expect(offered('plan', '--output', '')).toEqual(['text', 'json']);
    expect(offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('offers a group once, its commands, and their options', () => {
    expect(offered('b')).toEqual(['bundle']);
    expect(offered('bundle', '')).toEqual(['resolve', 'fetch', 'verify', 'prove', 'sign', 'keys', 'list', '--help']);
    expect(offered('bundle', 'fetch', '--arch')).toEqual(['--architecture']);
    expect(offered('bundle', 'fetch', '--architecture', '')).toEqual(['amd64', 'arm64']);
  });

  it.for(['bash', 'zsh', 'fish'] as const)('keeps the script for %s as it was looked at', async (shell) => {
    await expect(completionScript(shell)).toMatchFileSnapshot(`../../../test/golden/completion/novasphere.${shell}`);
  });
});

describe('the phases that completion offers', () => {
  it('are those that there are, in their order, and those that --only takes', async () => {
    const root = join(import.meta.dirname, '../../..');
    const file = join(root, 'profiles/single-node.yaml');
    const { profile } = loadProfile(readFileSync(file), file);
    const catalog = await loadCatalog(root);
    const plan = compile(profile, catalog, allPhases);

    expect(phases).toHaveLength(allPhases.length);
    expect([...new Set(plan.units.map((unit) => unit.phase.id))]).toEqual(phases);
  });
});

describe('docs/reference/commands.md', () => {
  it('is what the table of commands makes', async () => {
    await expect(commandsPage()).toMatchFileSnapshot('../../../docs/reference/commands.md');
  });
});
