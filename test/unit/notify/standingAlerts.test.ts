import { expect, test } from 'vitest';
import { toLoggedMessage } from '../../../src/notify/routing/buildNotification.ts';
import { standingAlerts } from '../../../src/notify/routing/standingAlerts.ts';
import {
  changeOf,
  hour,
  incidentOf,
  planInput,
  planThrough,
  recipientOf,
  ten,
  testOf,
} from '../../helpers/notify/samples.ts';

const tests = [testOf('a', 'b')];
const changes = tests.map((each) => changeOf(each, ten));
const recipient = recipientOf();
const input = (now: number, closed: readonly number[] = []) =>
  planInput(changes, tests, {
    now,
    recipients: [recipient],
    incidents: [incidentOf(changes, { id: 'i' }, closed)],
  });

test('an alert that was sent stands until its incident ends', () => {
  const [alert] = planThrough([input(ten + hour)]).flat();
  if (alert === undefined) throw new Error('no alert');
  const log = [toLoggedMessage(alert)];
  const standing = (now: number, closed: readonly number[] = []) =>
    standingAlerts(recipient, { ...input(now, closed), log }).map(({ items }) => items.length);
  expect(standingAlerts(recipient, input(ten + hour))).toEqual([]);
  expect(standing(ten + 2 * hour)).toEqual([1]);
  expect(standing(ten + 50 * hour)).toEqual([1]);
  expect(standing(ten + 3 * hour, [ten + 2 * hour])).toEqual([]);
});

test('each repetition has an id of its own', () => {
  const [alert] = planThrough([input(ten + hour)]).flat();
  const log = alert === undefined ? [] : [toLoggedMessage(alert)];
  const ids = [2, 3].map(
    (hours) => standingAlerts(recipient, { ...input(ten + hours * hour), log })[0]?.messageId,
  );
  expect(new Set(ids).size).toBe(2);
});
