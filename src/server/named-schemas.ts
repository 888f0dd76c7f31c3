/** The schemas that the OpenAPI document names: those that something of it refers to, and no others. */

import { jsonSchemaTransformObject } from 'fastify-type-provider-zod';

type Transform = typeof jsonSchemaTransformObject;

/** The library names each schema twice, as a request and as an answer would have it; requests here have none with a name. */
export const namedSchemas: Transform = (document) => {
  const whole = jsonSchemaTransformObject(document) as ReturnType<Transform> & {
    components?: { schemas?: Record<string, unknown> };
  };
  const schemas = whole.components?.schemas ?? {};
  // From the routes on: a schema that only others know of, which no route refers to, is not of this document.
  const { components: _, ...routes } = whole;
  const named = new Set<string>();
  const follow = (text: string): void => {
    for (const [name, schema] of Object.entries(schemas)) {
      if (named.has(name) || !text.includes(`"#/components/schemas/${name}"`)) continue;
      named.add(name);
      follow(JSON.stringify(schema));
    }
  };
  follow(JSON.stringify(routes));
  return {
    ...whole,
    components: {
      ...whole.components,
      // By name: the library has them in the order in which the process came to load them.
      schemas: Object.fromEntries([...named].toSorted().map((name) => [name, schemas[name]])),
    },
  } as typeof whole;
};
