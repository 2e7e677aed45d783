import type { GroupEnd, GroupMembers } from './groupMembers.ts';

const variable = /\{%([^%]*)%\}/g;
const indexedAddress = /^(?:pscheduler_|lead_bind_)?address\[(\d+)\]$/;

/** A text with its variables filled in, or the first variable that pstrace cannot fill in. */
export type FilledText = { readonly text: string } | { readonly unknown: string };

/**
 * Fills in the template variables of a test that `scheduler` schedules. pScheduler may listen at
 * another address of a member; the member is the same.
 */
export function fillVariables(
  template: string,
  members: GroupMembers,
  scheduler: GroupEnd,
): FilledText {
  const unknown: string[] = [];
  const text = template.replace(variable, (whole, inner: string) => {
    const name = inner.trim();
    const index = indexedAddress.exec(name)?.[1];
    const isScheduler = name === 'scheduled_by_address' || name === 'localhost';
    const end = index === undefined ? null : members[Number(index)];
    const address = isScheduler ? scheduler.address : end?.address;
    if (address === undefined) unknown.push(whole);
    return address ?? '';
  });
  const [first] = text.includes('{%') ? [...unknown, text] : unknown;
  return first === undefined ? { text } : { unknown: first };
}
