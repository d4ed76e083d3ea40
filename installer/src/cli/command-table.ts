/** The commands as their users see them: what the command line, the help, completion and the reference page are made of. */
export interface CommandTable {
  /** One word, or two for a command of a group: `bundle fetch`. */
  readonly name: string;
  /** In one line, as an imperative. */
  readonly summary: string;
  /** What it touches, for the reference page. */
  readonly touches: string;
  readonly arguments: readonly ArgumentRow[];
  readonly options: readonly OptionRow[];
  /** Words that an option takes, or exit codes: explained below the options. */
  readonly list?: {
    readonly title: string;
    readonly rows: readonly (readonly [string, string])[];
    /** The reference page that tells more of each. */
    readonly page?: string;
  };
  readonly examples: readonly [string, ...string[]];
  readonly hidden?: true;
}

/** What commands whose names begin with the same word have in common. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
}

export interface ArgumentRow {
  /** `PROFILE`, as help prints it. */
  readonly name: string;
  readonly about: string;
  readonly optional?: true;
  readonly many?: true;
  readonly completes?: Completes;
  readonly choices?: readonly string[];
}

export interface OptionRow {
  /** `--bundle DIR`, `-o, --out FILE`, `--yes`, `--serve [PORT]`. */
  readonly flags: string;
  readonly about: string;
  readonly many?: true;
  readonly number?: true;
  readonly choices?: readonly string[];
  readonly completes?: Completes;
}

export type Completes = 'file' | 'directory' | 'phase' | 'run';
