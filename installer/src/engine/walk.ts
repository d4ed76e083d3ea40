import type { Walk } from './run-step.ts';
import { type Ended, type Ledger, runUnit, type Unit } from './unit.ts';

/** Starts units as they may, and once one has not passed only waits for those under way. */
export async function walkAll(
  units: readonly Unit[],
  concurrency: number,
  walk: Walk,
  ledger: Ledger,
  halt: () => void,
): Promise<Ended> {
  const waiting = [...units];
  const course = new Course(units, halt);
  for (;;) {
    while (!course.stopped && course.running.size < concurrency && course.mayStart(waiting[0])) {
      const unit = waiting.shift() as Unit;
      course.start(unit, runUnit(unit, walk, ledger));
    }
    if (course.running.size === 0) return course.end();
    await Promise.race(course.running.values());
  }
}

/** Which units have passed, which are under way, and whether anything has stopped the walk. */
class Course {
  readonly running = new Map<Unit, Promise<void>>();
  readonly #units: readonly Unit[];
  readonly #halt: () => void;
  readonly #passed = new Set<Unit>();
  readonly #ends = new Set<Ended>();
  readonly #crashes: unknown[] = [];

  constructor(units: readonly Unit[], halt: () => void) {
    this.#units = units;
    this.#halt = halt;
  }

  get stopped(): boolean {
    return this.#ends.has('stopped') || this.#ends.has('rebooting');
  }

  /** Order is the list's: a unit never overtakes one before it, it only starts while that one still waits. */
  mayStart(unit: Unit | undefined): boolean {
    if (unit === undefined) return false;
    const alone = unit.phase.exclusive === true || [...this.running.keys()].some((one) => one.phase.exclusive === true);
    if (this.running.size > 0 && alone) return false;
    const elsewhere = [...this.running.keys()].filter((one) => one.phase.id === unit.phase.id);
    if (elsewhere.length >= (unit.phase.atOnce ?? Number.POSITIVE_INFINITY)) return false;
    return this.#units.every((one) => !unit.phase.needs.includes(one.phase.id) || this.#passed.has(one));
  }

  start(unit: Unit, work: Promise<Ended>): void {
    const settled = work
      .catch((error: unknown): Ended => {
        this.#crashes.push(error);
        return 'stopped';
      })
      .then((end) => {
        this.running.delete(unit);
        this.#ends.add(end);
        if (end === 'all') this.#passed.add(unit);
        else this.#halt();
      });
    this.running.set(unit, settled);
  }

  /** A crash (a bug, or the power of a rehearsal) goes out as it is. */
  end(): Ended {
    if (this.#crashes.length > 0) throw this.#crashes[0];
    if (this.#ends.has('rebooting')) return 'rebooting';
    return this.#ends.has('stopped') ? 'stopped' : 'all';
  }
}
