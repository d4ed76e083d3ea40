import { expect, it } from 'vitest';
import { said, type Trial } from './judge.ts';
import { documented, samplesOf } from './samples.ts';

/** What is shipped to be copied is accepted as it is, with no field that the schema does not know. */
export function samplesContract(trial: () => Trial, kind: 'Wukong' | 'WukongSnapshot'): void {
  const shown = documented().filter((one) => one.kind === kind);
  const all = [...samplesOf(kind), ...shown.map((one) => ['of the reference', one] as const)];

  it.for(all)('accepts the sample %s', async ([, object]) => {
    const named = { ...object, metadata: { ...object.metadata, namespace: 'default' } };

    const answer = await trial().create(named, { dryRun: 'All', fieldValidation: 'Strict' });

    expect(said(answer)).toBe('accepted');
  });
}
