import type { FieldOption, Option } from './options'

const piece = /"(?:[^"]|"")*"|'(?:[^']|'')*'|\[(?:[^\]]|\]\])+\]|[\p{L}_][\p{L}\p{N}_]*/gu

const isCalled = (one: Option & { also?: string[] }, text: string) => one.name === text || one.label === text || one.also?.includes(text)
const nameText = (label: string) => (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(label) ? label : `[${label}]`)

/** An expression with its fields and choices in the reader's words, whichever language it was written in; all else stays as it is. */
export function conditionInWords(text: string, fields: FieldOption[]): string {
  let asked: FieldOption | undefined
  return text.replaceAll(piece, (found) => {
    const quoted = found[0] === '"' || found[0] === "'"
    const said = quoted || found[0] === '[' ? found.slice(1, -1) : found
    if (quoted) {
      const choice = asked?.choices.find((one) => isCalled(one, said))
      return choice ? `"${choice.label}"` : found
    }
    const field = fields.find((one) => isCalled(one, said))
    if (!field) return asked?.choices.find((one) => isCalled(one, said))?.label ?? found
    asked = field
    return nameText(field.label)
  })
}
