import type { Json } from '#kube/json';
import { CelFailure } from '../cel/cel-failure.ts';
import { compile, type Expression, type Scope } from '../cel/compile.ts';
import { CelError } from '../cel/tokens.ts';

/** One `x-kubernetes-validations` entry, ready to be asked. */
export interface Rule {
  readonly source: string;
  readonly seesOld: boolean;
  readonly optionalOld: boolean;
  readonly reason: string;
  readonly fieldPath: string | undefined;
  /** The message as it is written, where one is. */
  readonly stated: string | undefined;
  readonly message: Expression;
  /** True, false, or why it could not be told. */
  holds(scope: Scope): boolean | string;
}

/** Our own kinds: a rule of theirs that the evaluator does not know is a gap in the evaluator. */
export const ownGroup = 'vm.novasphere.dev';

export interface Rules {
  readonly rules: readonly Rule[];
  /** Rules of other projects that the evaluator could not read; they are not asked. */
  readonly skipped: readonly string[];
}

const known = new WeakMap<object, Rules>();
const none: Rules = { rules: [], skipped: [] };

/** The rules of a schema, compiled once. */
export function rulesOf(schema: Json, group: string): Rules {
  const stated: readonly Json[] | undefined = schema['x-kubernetes-validations'];
  if (stated === undefined) return none;
  let found = known.get(schema);
  if (found === undefined) {
    const all = stated.map((one) => made(one, group));
    const isRule = (one: Rule | string): one is Rule => typeof one !== 'string';
    found = { rules: all.filter(isRule), skipped: all.filter((one) => typeof one === 'string') };
    known.set(schema, found);
  }
  return found;
}

/** The rule, or its source where it cannot be read. */
function made(stated: Json, group: string): Rule | string {
  const source: string = stated.rule.trim();
  try {
    const expression = compile(source);
    return {
      source,
      seesOld: /\boldSelf\b/.test(source),
      optionalOld: stated.optionalOldSelf === true,
      reason: stated.reason ?? 'FieldValueInvalid',
      fieldPath: stated.fieldPath,
      stated: stated.message,
      message: stated.messageExpression
        ? compile(stated.messageExpression)
        : () => stated.message ?? `failed rule: ${source}`,
      holds: (scope) => asked(expression, scope),
    };
  } catch (error) {
    if (!(error instanceof CelError)) throw error;
    if (group === ownGroup) {
      throw new Error(
        `the simulated API server cannot read the CEL rule “${source}” (${error.message}); teach it in api-server/cel`,
        { cause: error },
      );
    }
    return source;
  }
}

function asked(expression: Expression, scope: Scope): boolean | string {
  try {
    return expression(scope) === true;
  } catch (error) {
    if (error instanceof CelFailure) return error.message;
    throw error;
  }
}
