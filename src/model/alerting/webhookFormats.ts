/** Formats of webhooks that need no template. */
export const webhookFormats = [
  'json',
  'slack',
  'mattermost',
  'teams',
  'discord',
  'pagerduty',
  'alertmanager',
] as const;
