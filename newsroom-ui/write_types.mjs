// SPDX-License-Identifier: Apache-2.0
// usage: node write_types.mjs   Writes src/api_types.ts from docs/api/openapi.json: the API's own words.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const api = JSON.parse(readFileSync(process.argv[2] ?? `${here}../docs/api/openapi.json`, "utf8"));

function type(schema) {
  if (!schema || Object.keys(schema).length === 0) return "unknown";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const several = schema.oneOf ?? schema.anyOf;
  if (several) return several.map(type).join(" | ");
  if (schema.allOf) return schema.allOf.map(type).join(" & ");
  const kinds = Array.isArray(schema.type) ? schema.type : [schema.type];
  return kinds.map((kind) => one(kind, schema)).join(" | ");
}
function one(kind, schema) {
  if (kind === "integer" || kind === "number") return "number";
  if (kind === "string" || kind === "boolean" || kind === "null") return kind;
  if (kind === "array") return `(${type(schema.items)})[]`;
  if (kind === "object" || schema.properties) {
    const required = new Set(schema.required ?? []);
    const fields = Object.entries(schema.properties ?? {}).map(([name, value]) => `${JSON.stringify(name)}${required.has(name) ? "" : "?"}: ${type(value)}`);
    if (schema.additionalProperties && typeof schema.additionalProperties === "object") return fields.length > 0 ? `{ ${fields.join("; ")} } & Record<string, ${type(schema.additionalProperties)}>` : `Record<string, ${type(schema.additionalProperties)}>`;
    return fields.length > 0 ? `{ ${fields.join("; ")} }` : "Record<string, never>";
  }
  return "unknown";
}

const lines = ["// SPDX-License-Identifier: Apache-2.0", "// Written by write_types.mjs from docs/api/openapi.json; change it there.", ""];
for (const [name, schema] of Object.entries(api.components.schemas)) lines.push(`export type ${name} = ${type(schema)};`);
writeFileSync(`${here}src/api_types.ts`, `${lines.join("\n")}\n`);
