import { describe, expect, it } from 'vitest';
import { confirmName } from './confirm-name.ts';
import type { Terminal } from './terminal.ts';

/** A terminal on which somebody types this. */
function typing(answer: string) {
  const asked: string[] = [];
  const terminal: Pick<Terminal, 'canAsk' | 'ask'> = {
    canAsk: true,
    ask: async (question) => {
      asked.push(question);
      return answer;
    },
  };
  return { terminal: terminal as Terminal, asked };
}

describe('the name of a site that is taken off', () => {
  it('is typed', async () => {
    const { terminal, asked } = typing('plant-7');

    await confirmName(terminal, { name: 'plant-7', given: undefined });

    expect(asked).toEqual(['To take the platform off this site, type its name, plant-7: ']);
  });

  it.each(['yes', '', 'Plant-7'])('is not “%s”', async (answer) => {
    await expect(confirmName(typing(answer).terminal, { name: 'plant-7', given: undefined })).rejects.toMatchObject({
      code: 'CONFIRMATION-MISSING',
      exitCode: 6,
    });
  });

  it('is not asked for when it was given', async () => {
    const { terminal, asked } = typing('');

    await confirmName(terminal, { name: 'plant-7', given: 'plant-7' });

    expect(asked).toEqual([]);
  });
});
