/** Thrown where a rule that can be read fails on the values that it was given. */
export class CelFailure extends Error {
  override readonly name = 'CelFailure';
}
