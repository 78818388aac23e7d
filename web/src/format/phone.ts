/** A mobile number of the country, as it is stored; the other numbers have no groups that everybody agrees on. */
const mobile = /^\+86(1\d{2})(\d{4})(\d{4})$/

/** A number of E.164 as people read it; Chinese mobile numbers in their usual groups. */
export function phoneText(phone: string): string {
  return phone.replace(mobile, '$1 $2 $3')
}

interface Found {
  text: string
  spans: [number, number][]
}

/** Where the digit at an index of a stored number stands once its country is left out and its groups are apart. */
const moved = (index: number, last: number) => Math.max(0, index - 3) + (index > last + 3 ? 1 : 0) + (index > last + 7 ? 1 : 0)

/** A found text as people read it: what was looked for in a stored number stays marked in the grouped one. */
export function foundPhone<T extends Found>(found: T): T {
  if (!mobile.test(found.text)) return found
  const spans = found.spans.map(([from, to]): [number, number] => [moved(from, 2), moved(to, 3)])
  return { ...found, text: phoneText(found.text), spans: spans.filter(([from, to]) => from < to) }
}
