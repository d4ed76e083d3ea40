import { readFileSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { $ } from 'zx';

/**
 * Runs what the documents show. In a ```console block every line that starts with `$ ` is run from the checkout; a
 * comment `# exit N` behind it is the exit code that is promised (0 without). Lines after it must occur in the output,
 * in that order; `…` stands for anything. Links to files of the repository must lead somewhere.
 */
interface Example {
  readonly file: string;
  readonly line: number;
  readonly command: string;
  readonly exitCode: number;
  readonly shows: readonly string[];
}

$.verbose = false;
$.nothrow = true;
$.quiet = true;
const root = join(import.meta.dirname, '..');
const files = [
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  ...(await Array.fromAsync(glob('docs/**/*.md', { cwd: root }))),
];
const problems: string[] = [];
let run = 0;
for (const file of files) {
  const text = readFileSync(join(root, file), 'utf8');
  problems.push(...deadLinks(file, text));
  for (const example of examplesIn(file, text)) {
    run++;
    problems.push(...(await problemsOf(example)));
  }
}
for (const problem of problems) console.error(problem);
console.log(`${run} examples of ${files.length} documents run`);
process.exit(problems.length === 0 && run > 0 ? 0 : 1);

function examplesIn(file: string, text: string): readonly Example[] {
  const examples: Example[] = [];
  let inside = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.startsWith('```')) inside = line === '```console';
    else if (inside && line.startsWith('$ ')) examples.push(exampleOf(file, index + 1, line.slice(2)));
    else if (inside && line.trim() !== '') (examples.at(-1)?.shows as string[] | undefined)?.push(line.trim());
  }
  return examples;
}

function exampleOf(file: string, line: number, text: string): Example {
  const [, command = text, promised] = /^(.*?)\s*# exit (\d+)$/.exec(text) ?? [];
  return { file, line, command, exitCode: Number(promised ?? 0), shows: [] };
}

async function problemsOf({ file, line, command, exitCode, shows }: Example): Promise<readonly string[]> {
  const result = await $({ cwd: root, env: { ...process.env, NO_COLOR: '1', COLUMNS: '80' } })`bash -c ${command}`;
  const where = `${file}:${line}: ${command}`;
  if (result.exitCode !== exitCode)
    return [`${where}\n  ended with ${result.exitCode}, promised is ${exitCode}\n${result.stderr.slice(-2000)}`];
  const said = result.stdall.split('\n').map((text) => text.trim());
  let from = 0;
  for (const wanted of shows) {
    const at = said.findIndex((text, index) => index >= from && fits(text, wanted));
    if (at === -1) return [`${where}\n  does not show “${wanted}”`];
    from = at + 1;
  }
  return [];
}

function fits(text: string, wanted: string): boolean {
  const parts = wanted.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(text);
}

function deadLinks(file: string, text: string): readonly string[] {
  const targets = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((found) => found[1] as string);
  return targets.flatMap((target) => {
    try {
      readFileSync(join(root, dirname(file), target));
      return [];
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EISDIR' ? [] : [`${file}: the link to ${target} leads nowhere`];
    }
  });
}
