import { describe, expect, it } from 'vitest';
import { fileStep, memoryJournal, silent, smallWorld, unit } from '../../../test/fixtures/small-world.ts';
import { Fault } from './fault.ts';
import { type RunOptions, run, type Unit } from './run.ts';
import { minute, second } from './step.ts';

const head: RunOptions['head'] = {
  event: 'run-began',
  version: 1,
  run: 'r1',
  command: 'apply',
  mode: 'apply',
  profile: { name: 'p', digest: 'd', path: 'p.yaml' },
  plan: { digest: 'd', phases: [] },
  versions: {},
};

function walk(units: readonly Unit[], more: Partial<RunOptions> & { world?: ReturnType<typeof smallWorld> } = {}) {
  const journal = memoryJournal();
  const world = more.world ?? smallWorld();
  const options: RunOptions = {
    mode: 'apply',
    head,
    concurrency: 1,
    consents: new Set(),
    intents: new Set(),
    journal,
    view: silent,
    signal: new AbortController().signal,
    ...more,
  };
  const told = () =>
    journal.entries.map((one) =>
      'step' in one ? `${one.event} ${one.step}` : 'phase' in one ? `${one.event} ${one.phase}` : one.event,
    );
  return { journal, world, told, result: run(units, world, options) };
}

const broken = new Fault({ code: 'HOST-COMMAND', message: 'it broke', remedy: ['mend it'] });

describe('run', () => {
  it('looks, acts, looks again, and writes every moment down', async () => {
    const { result, told, world } = walk([unit('a', [fileStep('a/x')])]);

    expect(await result).toEqual({ outcome: 'done', exitCode: 0, faults: [], changed: 1 });
    expect(world.files.get('/a/x')).toBe('wanted');
    expect(told()).toEqual([
      'run-began',
      'phase-began a',
      'step-began a/x',
      'found a/x',
      'applied a/x',
      'step-ended a/x',
      'phase-ended a',
      'run-ended',
    ]);
  });

  it('begins its journal with what is to be known of the whole run', async () => {
    const { result, journal } = walk([], { notes: ['nobody looked at the disks'] });

    await result;
    expect(journal.entries.map(({ event }) => event)).toEqual(['run-began', 'note', 'run-ended']);
    expect(journal.entries[1]).toMatchObject({ text: 'nobody looked at the disks' });
  });

  it('changes nothing in a second run', async () => {
    const world = smallWorld();
    await walk([unit('a', [fileStep('a/x')])], { world }).result;
    const second = walk([unit('a', [fileStep('a/x', { apply: () => Promise.reject(new Error('it wrote')) })])], {
      world,
    });

    expect((await second.result).changed).toBe(0);
  });

  it('only looks when inspecting, and looks at everything although one step is blocked', async () => {
    const blocked = fileStep('a/x', { probe: async () => ({ state: 'blocked', fault: broken }) });
    const { result, world } = walk([unit('a', [blocked, fileStep('a/y')]), unit('b', [fileStep('b/x')])], {
      mode: 'inspect',
    });

    expect(await result).toMatchObject({ outcome: 'failed', exitCode: 1, changed: 2 });
    expect(world.files.size).toBe(0);
  });

  it('stops at the first fault, naming host and step', async () => {
    const { result, world } = walk([
      unit('a', [fileStep('a/x', { apply: () => Promise.reject(broken) })]),
      unit('b', [fileStep('b/x')]),
    ]);
    const { faults, exitCode } = await result;

    expect(exitCode).toBe(1);
    expect(faults[0]?.where).toEqual(['host one', 'step a/x']);
    expect(world.files.size).toBe(0);
  });

  it('calls a step unsettled when its own probe still finds a difference', async () => {
    const { result } = walk([unit('a', [fileStep('a/x', { apply: async () => {} })])]);

    expect((await result).faults[0]?.record()).toEqual({
      code: 'STEP-UNSETTLED',
      message: '“Write a/x” ran, and its own probe still finds 1 difference',
      because: [],
      where: ['host one', 'step a/x'],
      evidence: ['/a/x: wanted'],
      remedy: ['novasphere explain', 'run the same command again: every step may be repeated'],
    });
  });

  it('destroys nothing without consent that names the target', async () => {
    const step = fileStep('a/x', {
      probe: async () => ({ state: 'drifted', changes: [{ what: 'mkfs', destructive: 'disk S1' }] }),
    });
    const { result, told } = walk([unit('a', [step])], { consents: new Set(['disk S2']) });

    expect(await result).toMatchObject({ outcome: 'refused', exitCode: 6 });
    expect(told()).not.toContain('intent a/x');
  });

  it('writes down what it is about to destroy before it does', async () => {
    const order: string[] = [];
    const step = fileStep('a/x', {
      probe: async (sight) =>
        (await sight.host.read('/a/x')) === undefined
          ? { state: 'drifted', changes: [{ what: 'mkfs', destructive: 'disk S1' }] }
          : { state: 'converged' },
      apply: async (stage) => {
        order.push('apply');
        await stage.host.write('/a/x', 'wanted');
      },
    });
    const journal = { append: (entry: { event: string }) => void order.push(entry.event) };
    await walk([unit('a', [step])], { consents: new Set(['disk S1']), journal }).result;

    expect(order.indexOf('intent')).toBeLessThan(order.indexOf('apply'));
  });

  it('lets the steps of a failed phase take back what would do harm, the last one first', async () => {
    const undone: string[] = [];
    const undo = (name: string) => async () => {
      undone.push(name);
      return `took back ${name}`;
    };
    const units = [
      unit('a', [
        fileStep('a/x', { undo: undo('x') }),
        fileStep('a/y', { undo: undo('y') }),
        fileStep('a/z', { apply: () => Promise.reject(broken) }),
      ]),
    ];
    const { result, told } = walk(units);
    await result;

    expect(undone).toEqual(['y', 'x']);
    expect(told()).toContain('undone a/y');
  });

  it('starts a later phase while an earlier one waits, but never beside an exclusive one', async () => {
    const slow = (id: string, wait: number) =>
      fileStep(id, {
        apply: async (stage) => {
          await world.clock.sleep(wait);
          await stage.host.write(`/${id}`, 'wanted');
        },
      });
    const world = smallWorld();
    const units = [
      unit('a', [slow('a/x', minute)]),
      unit('b', [slow('b/x', second)]),
      unit('c', [slow('c/x', second)], { exclusive: true }),
      unit('d', [slow('d/x', second)], { needs: ['c'] }),
    ];
    const { result, told } = walk(units, { world, concurrency: 4 });
    await result;
    const order = told().filter((line) => line.startsWith('phase-'));

    expect(order).toEqual([
      'phase-began a',
      'phase-began b',
      'phase-ended b',
      'phase-ended a',
      'phase-began c',
      'phase-ended c',
      'phase-began d',
      'phase-ended d',
    ]);
  });

  it('takes the hosts of a phase one after the other where it says so', async () => {
    const world = smallWorld(['one', 'two']);
    const slow = (id: string) =>
      fileStep(id, {
        apply: async (stage) => {
          await world.clock.sleep(minute);
          await stage.host.write(`/${id}`, 'wanted');
        },
      });
    const units = [
      unit('a', [slow('a/x')], { host: 'one', atOnce: 1 }),
      unit('a', [slow('a/y')], { host: 'two', atOnce: 1 }),
      unit('b', [slow('b/x')], { host: 'one', needs: ['a'] }),
      unit('b', [slow('b/y')], { host: 'two', needs: ['a'] }),
    ];
    const { result, told } = walk(units, { world, concurrency: 4 });

    await result;

    const order = told().filter((line) => line.startsWith('phase-'));
    expect(order.slice(0, 4)).toEqual(['phase-began a', 'phase-ended a', 'phase-began a', 'phase-ended a']);
    expect(order.slice(4)).toEqual(['phase-began b', 'phase-began b', 'phase-ended b', 'phase-ended b']);
  });

  it('stops at the next safe point when asked, and says that it may be repeated', async () => {
    const asked = new AbortController();
    const first = fileStep('a/x', {
      apply: async (stage) => {
        asked.abort();
        await stage.host.write('/a/x', 'wanted');
      },
    });
    const { result, world } = walk([unit('a', [first, fileStep('a/y')])], { signal: asked.signal });

    expect(await result).toMatchObject({ outcome: 'interrupted', exitCode: 5, changed: 1 });
    expect([...world.files.keys()]).toEqual(['/a/x']);
  });

  it('lets a mistake in the program through as it is', async () => {
    const { result } = walk([
      unit('a', [fileStep('a/x', { apply: () => Promise.reject(new TypeError('undefined is not a function')) })]),
    ]);

    await expect(result).rejects.toThrow(TypeError);
  });
});

describe('a gate', () => {
  const waiting = (check: () => Promise<{ ready: false; because: string } | { ready: true; evidence: string[] }>) =>
    fileStep('a/x', { gate: { title: 'the moon to rise', soft: minute, hard: 5 * minute, check } });

  it('tells what it waits for, and that it takes longer than usual', async () => {
    const world = smallWorld();
    const check = async () =>
      world.clock.elapsed() > 2 * minute
        ? { ready: true as const, evidence: ['it rose'] }
        : { ready: false as const, because: 'it is below the horizon' };
    const { result, journal } = walk([unit('a', [waiting(check)])], { world });
    await result;
    const waits = journal.entries.filter((one) => one.event === 'waiting');

    expect(waits[0]).toMatchObject({ gate: 'the moon to rise', because: 'it is below the horizon' });
    expect(waits.at(-1)).toMatchObject({ slow: true });
    expect(journal.entries.find((one) => one.event === 'passed')).toMatchObject({ evidence: ['it rose'] });
  });

  it('gives up after its hard deadline with exit code 4, saying what was missing', async () => {
    const { result } = walk([unit('a', [waiting(async () => ({ ready: false, because: 'it is below the horizon' }))])]);
    const { exitCode, faults } = await result;

    expect(exitCode).toBe(4);
    expect(faults[0]?.record()).toMatchObject({
      code: 'GATE-TIMEOUT',
      message: 'waited 5 min for the moon to rise',
      because: ['it is below the horizon'],
    });
  });

  it('stops at once on what cannot heal', async () => {
    const world = smallWorld();
    const step = fileStep('a/x', {
      gate: {
        title: 'an image',
        soft: minute,
        hard: 5 * minute,
        check: async () => ({ ready: false, because: 'no image', hopeless: broken }),
      },
    });
    const { result } = walk([unit('a', [step])], { world });

    expect((await result).faults[0]?.code).toBe('HOST-COMMAND');
    expect(world.clock.elapsed()).toBeLessThan(second);
  });

  it('goes on waiting while the API server is away', async () => {
    const world = smallWorld();
    const away = new Fault({
      code: 'CLUSTER-UNREACHABLE',
      message: 'the API server does not answer',
      remedy: ['wait'],
    });
    const check = async () => {
      if (world.clock.elapsed() < minute) throw away;
      return { ready: true as const, evidence: [] };
    };
    const { result } = walk([unit('a', [waiting(check)])], { world });

    expect((await result).outcome).toBe('done');
  });

  it('is a safe point: an interruption ends the wait at once', async () => {
    const asked = new AbortController();
    const world = smallWorld();
    void world.clock.sleep(20 * second).then(() => asked.abort());
    const { result, told, journal } = walk([unit('a', [waiting(async () => ({ ready: false, because: 'dark' }))])], {
      world,
      signal: asked.signal,
    });

    expect(await result).toMatchObject({ outcome: 'interrupted', exitCode: 5 });
    expect(world.clock.elapsed()).toBe(20 * second);
    expect(told()).toContain('failed a/x');
    expect(journal.entries.find((one) => one.event === 'failed')).toMatchObject({ fault: { code: 'RUN-INTERRUPTED' } });
  });
});
