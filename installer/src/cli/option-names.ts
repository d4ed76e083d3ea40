import type { OptionRow } from './command-table.ts';

export interface OptionNames {
  readonly short?: string;
  /** `--no-color` */
  readonly long: string;
  /** `FILE`; undefined for a plain flag. */
  readonly value?: string;
  readonly valueIsOptional: boolean;
}

/** Takes `-o, --out FILE` apart. */
export function optionNames({ flags }: OptionRow): OptionNames {
  const parts = /^(?:(-\w), )?(--[a-z-]+)(?: (.+))?$/.exec(flags);
  if (parts === null) throw new Error(`the option “${flags}” is not written as the table wants it`);
  const [, short, long = '', written] = parts;
  const optional = /^\[(.+)\]$/.exec(written ?? '')?.[1];
  const value = optional ?? written;
  return {
    ...(short === undefined ? {} : { short }),
    long,
    ...(value === undefined ? {} : { value }),
    valueIsOptional: optional !== undefined,
  };
}
