/**
 * What a schema infers, as the code reads it: deep readonly, and a key is either there or not. A `Json` stays one.
 */
export type Stated<T> = 0 extends 1 & T
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Stated<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Stated<Exclude<T[Key], undefined>> }
      : T;
