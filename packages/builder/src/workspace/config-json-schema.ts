import type { AnyBackend, AnyKernel, Json, Registry } from '@nnm/core';
import { z } from 'zod';
import { buildSchema } from './build-config-schema.ts';

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, Json>>;

/** Names of the schemas of a workspace, beside the files that they describe: editors find them there without a network. */
export const SCHEMA_FILES = { build: 'predictorbuild_config.schema.json', backend: 'backend_config.schema.json' } as const;

/** The first line of a configuration file, by which editors with a YAML language server find its schema. */
export function schemaLine(file: string): string {
  return `# yaml-language-server: $schema=./${file}`;
}

/**
 * The JSON Schema of `configs/predictorbuild_config.yaml`, made from what checks that file. It accepts what nnm accepts; whether there is a
 * kernel or a regressor of a name is for nnm to say, as plugins bring them.
 *
 * @param kernels - offered by editors as keys of `KERNELS`
 */
export function buildConfigJsonSchema(kernels: readonly AnyKernel[] = []): JsonSchema {
  const schema = z.toJSONSchema(buildSchema, { io: 'input', unrepresentable: 'any' }) as unknown as Record<string, Json>;
  const properties = schema.properties as Record<string, Record<string, Json>>;
  const { additionalProperties, propertyNames: _, ...section } = properties.KERNELS as Record<string, Json>;
  const offered = Object.fromEntries(
    kernels.map(({ type, description }) => [type, { $ref: '#/$defs/kernel', ...(description !== undefined && { description }) }]),
  );
  return {
    ...schema,
    title: 'configs/predictorbuild_config.yaml of an nnm workspace',
    properties: {
      ...properties,
      KERNELS: { ...section, properties: offered, additionalProperties: { $ref: '#/$defs/kernel' } },
    },
    $defs: { kernel: additionalProperties as Json },
  };
}

/**
 * The JSON Schema of `configs/backend_config.yaml` for a backend. One that does not describe its settings may have any.
 *
 * @param registry - has the devices that `DEVICE` may name, and their settings; without it any device may have any
 */
export function backendConfigJsonSchema(backend: AnyBackend, registry?: Pick<Registry, 'devices'>): JsonSchema {
  const { id, description } = backend;
  const { properties = {}, required = [], additionalProperties = true, ...rest } = backend.settingsSchema?.() ?? {};
  const devices = registry?.devices.map(({ value }) => value) ?? [];
  const addresses = devices.flatMap(({ id: device, address }): Json[] =>
    address === undefined ? [] : [{ pattern: `^${device}://.`, description: `${device}://${address}` }],
  );
  const deviceKeys = devices.flatMap(({ id: device, keys }) =>
    keys.map((key): [string, Json] => [key, { description: `A setting of DEVICE: ${device}` }]),
  );
  return {
    ...rest,
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `configs/backend_config.yaml of an nnm workspace for ${id}`,
    type: 'object',
    properties: {
      ...(properties as Record<string, Json>),
      BACKEND: { const: id, description },
      DEVICE: {
        type: 'string',
        default: 'here',
        description: 'Where models run: here (or host) is this machine',
        ...(registry && {
          anyOf: [
            { enum: ['here', 'host', ...devices.map((device) => device.id)] },
            ...addresses,
            { pattern: '^[A-Za-z][\\w-]*$', description: 'a name that was given by nnm device add' },
          ],
        }),
      },
      ...Object.fromEntries(deviceKeys),
    },
    required: ['BACKEND', ...(required as readonly string[])],
    additionalProperties: registry === undefined ? true : additionalProperties,
  };
}

/** A schema as the text of its file. */
export function schemaText(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}
