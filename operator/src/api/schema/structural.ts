import * as z from 'zod';
import type { Json } from '#kube/json';

/** The schema as a CustomResourceDefinition takes it: of JSON Schema only what is structural. */
export function structural(schema: z.ZodType): Json {
  return made(schema, ['propertyNames', 'examples']);
}

/** The same with the examples, for the reference page. */
export function illustrated(schema: z.ZodType): Json {
  return made(schema, ['propertyNames']);
}

function made(schema: z.ZodType, unwanted: readonly string[]): Json {
  const override = ({ jsonSchema }: { jsonSchema: Json }) => strip(jsonSchema, unwanted);
  const { $schema: _, ...body } = z.toJSONSchema(schema, { io: 'input', override });
  return body;
}

function strip(node: Json, unwanted: readonly string[]): void {
  for (const key of unwanted) delete node[key];
  if (node.minimum === Number.MIN_SAFE_INTEGER) delete node.minimum;
  if (node.maximum === Number.MAX_SAFE_INTEGER) delete node.maximum;
}
