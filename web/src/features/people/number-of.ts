/** The number in an input; null when it is blank, which stands for no limit. */
export function numberOf(input: HTMLInputElement): number | null {
  return Number.isNaN(input.valueAsNumber) ? null : input.valueAsNumber
}
