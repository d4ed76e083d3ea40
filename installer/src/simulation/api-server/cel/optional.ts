import type { Json } from '#kube/json';
import { CelFailure } from './cel-failure.ts';

/** A value that may be absent: what `oldSelf` is in rules that new objects are asked too. */
export class Optional {
  readonly #value: Json;

  constructor(value: Json) {
    this.#value = value;
  }

  get hasValue(): boolean {
    return this.#value !== undefined;
  }

  get value(): Json {
    if (!this.hasValue) throw new CelFailure('optional.none() dereference');
    return this.#value;
  }

  orValue(other: Json): Json {
    return this.hasValue ? this.#value : other;
  }
}
