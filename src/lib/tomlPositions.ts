import type { AST } from 'toml-eslint-parser';

/** Path from the root of the file to a value: keys, and indexes of arrays. */
export type KeyPath = readonly PropertyKey[];

/** Line numbers, from 1, of the keys of a parsed TOML file. */
export interface Positions {
  /** Line of the key, or of the nearest written table around it; 1 without any. */
  lineOf(path: KeyPath): number;
}

/** Collects the positions of all keys, tables and array elements of a file. */
export function positionsOf(program: AST.TOMLProgram): Positions {
  const lines = new Map<string, number>();
  const recordLine = (path: KeyPath, node: { loc: AST.SourceLocation }) => {
    lines.set(JSON.stringify(path), node.loc.start.line);
  };
  const visitValue = (path: KeyPath, node: AST.TOMLContentNode) => {
    recordLine(path, node);
    if (node.type === 'TOMLInlineTable')
      for (const keyValue of node.body) visitPair(path, keyValue);
    if (node.type === 'TOMLArray') {
      node.elements.forEach((element, index) => {
        visitValue([...path, index], element);
      });
    }
  };
  const visitPair = (path: KeyPath, keyValue: AST.TOMLKeyValue) => {
    const names = keyValue.key.keys.map((key) => (key.type === 'TOMLBare' ? key.name : key.value));
    const full = [...path, ...names];
    names.forEach((_, index) => {
      recordLine(full.slice(0, path.length + index + 1), keyValue);
    });
    visitValue(full, keyValue.value);
  };
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') visitPair([], node);
    else {
      node.resolvedKey.forEach((_, index) => {
        recordLine(node.resolvedKey.slice(0, index + 1), node);
      });
      for (const keyValue of node.body) visitPair(node.resolvedKey, keyValue);
    }
  }
  return { lineOf: (path) => lineOf(lines, path) };
}

function lineOf(lines: ReadonlyMap<string, number>, path: KeyPath): number {
  for (let length = path.length; length > 0; length--) {
    const line = lines.get(JSON.stringify(path.slice(0, length)));
    if (line !== undefined) return line;
  }
  return 1;
}
