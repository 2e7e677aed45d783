/**
 * The element that every such page has. Throws where it is missing, because the page is broken
 * then.
 */
export function find<T extends Element = HTMLElement>(
  selector: string,
  root: ParentNode = document,
): T {
  const found = root.querySelector<T>(selector);
  if (found === null) throw new Error(`the page has no ${selector}`);
  return found;
}

/** All elements that match, in the order of the page. */
export function findAll<T extends Element = HTMLElement>(
  selector: string,
  root: ParentNode = document,
): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

/** Creates an element with a class ('' for none) and content. */
export function node<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className: string,
  ...content: readonly (string | Node)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  if (className !== '') element.className = className;
  element.append(...content);
  return element;
}

/** Text whose direction of writing does not affect its surroundings. */
export function isolated(text: string): HTMLElement {
  return node('bdi', '', text);
}

/** Creates a button that submits nothing. */
export function button(
  onClick: () => void,
  ...content: readonly (string | Node)[]
): HTMLButtonElement {
  const element = node('button', '', ...content);
  element.type = 'button';
  element.addEventListener('click', onClick);
  return element;
}
