/**
 * Version of the published JSON: the files in `data/` of the site and the body of a webhook. It
 * grows when a field changes its meaning or disappears; new fields do not raise it.
 */
export const publicSchemaVersion = 2;
