import { expect, test } from 'vitest';
import { changeRows } from '../../../../src/report/changes/changeRows.ts';
import { changeOf, ten, testOf } from '../../../helpers/notify/samples.ts';

const ab = testOf('a', 'b');

test.each([
  [0.2, true],
  [0.5, false],
  [null, false],
])('a change with the confidence %s is marked as unsure: %s', (confidence, isMarked) => {
  const record = {
    change: { ...changeOf(ab, ten), confidence },
    test: ab,
    incidentId: null,
    closedAt: null,
    accepted: false,
    acceptance: null,
    silence: null,
  };
  const links = { hasPage: () => false, hasIncident: () => false, nameOf: () => '' };
  expect(String(changeRows([record], links)).includes('unsure')).toBe(isMarked);
});
