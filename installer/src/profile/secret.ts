const values = new WeakMap<Secret, string>();

/** A value that cannot be printed: every way of turning it into text gives `‹secret›`. */
export class Secret {
  constructor(value: string) {
    values.set(this, value);
  }

  /** The value itself; only for what hands it to the machine or the cluster. */
  reveal(): string {
    return values.get(this) ?? '';
  }

  toString(): string {
    return '‹secret›';
  }

  toJSON(): string {
    return '‹secret›';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '‹secret›';
  }
}

/** Where the profile says that a secret is to be found. It is read when a run starts, never by `validate`. */
export type SecretSource = { readonly fromFile: string } | { readonly fromEnv: string };
