/** The schemas that the OpenAPI document names: those that something of it refers to, and no others. */

import { jsonSchemaTransformObject } from 'fastify-type-provider-zod';

type Transform = typeof jsonSchemaTransformObject;

/** The library names each schema twice, as a request and as an answer would have it; requests here have none with a name. */
export const namedSchemas: Transform = (document) => {
  const whole = jsonSchemaTransformObject(document) as ReturnType<Transform> & {
    components?: { schemas?: Record<string, unknown> };
  };
  const schemas = whole.components?.schemas ?? {};
  const text = JSON.stringify(whole);
  const named = Object.entries(schemas).filter(([name]) => text.includes(`"#/components/schemas/${name}"`));
  return {
    ...whole,
    components: { ...whole.components, schemas: Object.fromEntries(named) },
  } as typeof whole;
};
