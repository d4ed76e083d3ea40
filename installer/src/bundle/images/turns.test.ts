import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

const name = fc.constantFrom('a', 'b', 'c', 'd');

test('nobody works on what somebody else works on, and everybody has a turn', async () => {
  const tasks = fc.array(fc.uniqueArray(name), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(tasks, fc.scheduler(), async (wishes, scheduler) => {
      const turns = new Turns();
      const busy = new Set<string>();
      let ended = 0;
      const all = wishes.map((names, index) =>
        turns.work(
          async () => names,
          async () => {
            expect(names.filter((one) => busy.has(one))).toEqual([]);
            for (const one of names) busy.add(one);
            await scheduler.schedule(Promise.resolve(), `task ${index}`);
            for (const one of names) busy.delete(one);
            ended++;
          },
        ),
      );
      await scheduler.waitFor(Promise.all(all));
      expect(ended).toBe(wishes.length);
    }),
  );
});

test('whoever fails lets the others go on', async () => {
  const turns = new Turns();
  const failing = turns.work(
    async () => ['a'],
    async () => {
      throw new Error('cut');
    },
  );
  const next = turns.work(
    async () => ['a'],
    async () => 'done',
  );

  await expect(failing).rejects.toThrow('cut');
  expect(await next).toBe('done');
});

test('what somebody else has brought meanwhile is no longer asked for', async () => {
  const turns = new Turns();
  const missing = new Set(['base', 'own']);
  const first = turns.work(
    async () => ['base'],
    async () => void missing.delete('base'),
  );
  const wanted: (readonly string[])[] = [];
  await turns.work(
    async () => {
      wanted.push([...missing]);
      return [...missing];
    },
    async () => undefined,
  );
  await first;

  expect(wanted.at(-1)).toEqual(['own']);
});
