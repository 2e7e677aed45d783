export type JsonObject = Readonly<Record<string, unknown>>;

/** The value if it is a JSON object, else an empty object. */
export function jsonObject(value: unknown): JsonObject {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : {};
}
