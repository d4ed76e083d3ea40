import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Case, Change } from './cases/case.ts';
import type { Trial } from './judge.ts';

const golden = join(import.meta.dirname, '../../golden/definitions');

/** Every API server says the same, word for word, to every mistake of a table. */
export function refusals(trial: () => Trial, file: string, cases: readonly Case[]): void {
  it(`refuses each mistake of ${file}, and says what to do`, async () => {
    const answers: Answer[] = [];
    for (const [about, spec] of cases) answers.push([about, await trial().creating(spec)]);

    await told(file, answers);
  });
}

export function refusedChanges(trial: () => Trial, file: string, changes: readonly Change[]): void {
  it(`refuses each change of ${file}, and says what to do`, async () => {
    const answers: Answer[] = [];
    for (const [about, before, after] of changes) answers.push([about, await trial().changing(before, after)]);

    await told(file, answers);
  });
}

export function acceptances(trial: () => Trial, cases: readonly Case[]): void {
  it.for(cases)('accepts %s', async ([, spec]) => {
    expect(await trial().creating(spec)).toBe('accepted');
  });
}

export function acceptedChanges(trial: () => Trial, changes: readonly Change[]): void {
  it.for(changes)('accepts %s', async ([, before, after]) => {
    expect(await trial().changing(before, after)).toBe('accepted');
  });
}

type Answer = readonly [about: string, answer: string];

async function told(file: string, answers: readonly Answer[]): Promise<void> {
  expect(answers.filter(([, answer]) => answer === 'accepted')).toEqual([]);
  const text = answers.map(([about, answer]) => `${about}\n${lines(answer)}\n`).join('\n');
  await expect(text).toMatchFileSnapshot(join(golden, `${file}.txt`));
}

/** Several mistakes at once are told in one list. */
function lines(answer: string): string {
  const all = /^\[.*\]$/s.test(answer)
    ? answer.slice(1, -1).split(/, (?=(?:spec|metadata|<nil>)[\w.[\]]*: )/)
    : [answer];
  return all.map((one) => `  ${one.replaceAll('\n', '\\n')}`).join('\n');
}
