/**
 * Version of the published JSON: the files in `data/` of the site and the body of a webhook. It
 * increases if a field changes its meaning or disappears; a new field does not change it.
 */
export const publicSchemaVersion = 2;
