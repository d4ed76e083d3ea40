import { expect, it } from 'vitest';
import { mishaps } from '#simulation/mishaps';
import { mishapList } from './mishap-list.ts';
import { mishapsPage } from './mishaps-page.ts';

it('shows in its help every mishap there is, in the words of the mishap', () => {
  expect(mishapList).toEqual(mishaps.map(({ name, summary }) => [name, summary]));
});

it('keeps docs/reference/mishaps.md as the table of mishaps makes it', async () => {
  await expect(mishapsPage()).toMatchFileSnapshot('../../../docs/reference/mishaps.md');
});
