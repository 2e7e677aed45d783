/** Thrown for a line of an export that cannot be imported; the message is the reason. */
export class InvalidRecordError extends Error {}
