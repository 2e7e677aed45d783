/*
 * The matrix: what its cells show, the filters, the list beneath, groups that fold, the keyboard
 * and the card of a cell.
 */
import { createCellList } from './matrix/cellList.ts';
import { startCard } from './matrix/gridCard.ts';
import { parseGrid } from './matrix/gridCells.ts';
import { startFilter } from './matrix/gridFilter.ts';
import { createGroups } from './matrix/gridGroups.ts';
import { createHalves } from './matrix/gridHalves.ts';
import { startKeys } from './matrix/gridKeys.ts';

function start(table: HTMLTableElement): void {
  const grid = parseGrid(table);
  const halves = createHalves(grid);
  const list = createCellList(grid);
  const groups = createGroups(grid);
  startFilter(grid, { halves, list, groups });
  startKeys(grid);
  startCard(grid, halves);
}

const table = document.querySelector<HTMLTableElement>('[data-grid]');
if (table !== null) start(table);
