import { assert, type Command, commands, constantFrom, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DueKeys } from './due-keys.ts';

/** What it should be, said in the plainest way. */
type Model = Map<string, number>;
const keys = constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');

class Add implements Command<Model, DueKeys> {
  readonly #key: string;
  readonly #due: number;
  constructor(key: string, due: number) {
    this.#key = key;
    this.#due = due;
  }
  check = () => true;
  run(model: Model, real: DueKeys): void {
    const isEarlier = this.#due < (model.get(this.#key) ?? Number.POSITIVE_INFINITY);
    if (isEarlier) model.set(this.#key, this.#due);
    expect(real.add(this.#key, this.#due)).toBe(isEarlier);
  }
}

class Delete implements Command<Model, DueKeys> {
  readonly #key: string;
  constructor(key: string) {
    this.#key = key;
  }
  check = () => true;
  run(model: Model, real: DueKeys): void {
    model.delete(this.#key);
    real.delete(this.#key);
    expect(real.earliest).toBe(model.size === 0 ? undefined : Math.min(...model.values()));
    expect(real.size).toBe(model.size);
  }
}

class Take implements Command<Model, DueKeys> {
  readonly #now: number;
  constructor(now: number) {
    this.#now = now;
  }
  check = () => true;
  run(model: Model, real: DueKeys): void {
    const due = [...model].filter(([, at]) => at <= this.#now);
    const taken = real.take(this.#now);
    const times = taken.map((key) => model.get(key));
    expect(taken.toSorted()).toEqual(due.map(([key]) => key).toSorted());
    expect(times).toEqual(times.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    for (const key of taken) model.delete(key);
  }
}

describe('keys and when they are due', () => {
  it('come out when they are due, each once, at the earliest time that was said', () => {
    const steps = [
      keys.chain((key) => nat(100).map((due) => new Add(key, due))),
      keys.map((key) => new Delete(key)),
      nat(100).map((now) => new Take(now)),
    ];
    assert(
      property(commands(steps, { maxCommands: 200 }), (play) => {
        const [model, real] = [new Map<string, number>(), new DueKeys()];
        for (const step of play) step.run(model, real);
        expect(real.take(1000).toSorted()).toEqual([...model.keys()].toSorted());
        expect(real.size).toBe(0);
      }),
    );
  });

  it('hold nothing of what was taken out again, however often that is', () => {
    const due = new DueKeys();
    due.add('stays', 5);
    for (let count = 0; count < 10_000; count++) {
      due.add('goes', 1);
      due.delete('goes');
    }

    expect(due.size).toBe(1);
    expect(due.take(10)).toEqual(['stays']);
  });
});
