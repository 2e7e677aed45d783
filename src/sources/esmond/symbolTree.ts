/** A node of a tree of sequences: the symbol that leads to it, its end, and the next nodes. */
export interface SymbolTreeNode<End> {
  readonly symbol: number;
  /** Shared by the sequences that end here; null before the first. */
  end: End | null;
  /** The last used next node: most sequences equal the previous one. */
  previousNext: SymbolTreeNode<End> | null;
  /** The other next nodes by symbol. */
  otherNext: Map<number, SymbolTreeNode<End>> | null;
}

/** A node without next nodes. The symbol of a root does not matter. */
export function createSymbolNode<End>(symbol: number): SymbolTreeNode<End> {
  return { symbol, end: null, previousNext: null, otherNext: null };
}

/** The next node by a symbol, created if it is new. Equal sequences of symbols end at one node. */
export function follow<End>(node: SymbolTreeNode<End>, symbol: number): SymbolTreeNode<End> {
  const { previousNext } = node;
  if (previousNext?.symbol === symbol) return previousNext;
  const next = node.otherNext?.get(symbol) ?? createSymbolNode<End>(symbol);
  if (previousNext !== null) {
    node.otherNext ??= new Map();
    node.otherNext.set(previousNext.symbol, previousNext);
  }
  node.previousNext = next;
  return next;
}
