/** What is read of an element: signs that are there for the eye alone are left out. */
export function wordsOf(element: Element): string {
  const copy = element.cloneNode(true) as Element
  for (const sign of copy.querySelectorAll('[aria-hidden="true"]')) sign.remove()
  return copy.textContent ?? ''
}
