import { type RunOptions, run } from '#engine/run';
import type { Step } from '#engine/step';
import type { World } from '#ports/world';
import { fileStep, memoryJournal, silent, smallWorld, unit } from '../test/fixtures/small-world.ts';

/** Milliseconds that the engine spends on one step that has nothing to do, and how that compares with only probing. */
export async function engineCost(): Promise<{ readonly perStep: number; readonly ratio: number }> {
  const steps = Array.from({ length: 1000 }, (_, index) =>
    fileStep(`a/step-${index}`, { probe: async () => ({ state: 'converged' }) }),
  );
  const world = smallWorld();
  const walk = () => walkAll(steps, world);
  const bare = async () => {
    for (const step of steps) await step.probe({} as never);
  };
  await walk();
  await bare();
  const ours = await timed(walk);
  const rival = await timed(bare);
  return { perStep: ours / steps.length, ratio: ours / rival };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function walkAll(steps: readonly Step[], world: World) {
  return run([unit('a', steps)], world, {
    mode: 'apply',
    head,
    concurrency: 1,
    consents: new Set(),
    intents: new Set(),
    journal: memoryJournal(),
    view: silent,
    signal: new AbortController().signal,
  });
}

const head: RunOptions['head'] = {
  event: 'run-began',
  version: 1,
  run: 'bench',
  command: 'bench',
  mode: 'apply',
  profile: { name: 'bench', digest: '', path: '' },
  plan: { digest: '', phases: [] },
  versions: {},
};
