/** An amount of a currency; the amount is a decimal text. */
export interface Money {
  amount: string
  currency: string
}

/** Intl formats a decimal text digit by digit; TypeScript does not know it yet. */
const exact = (decimal: string) => decimal as unknown as number

/** A decimal text with the language's separators; the digits after the point stay as they came. */
export function numberText(decimal: string, language: string): string {
  const digits = decimal.split('.')[1]?.length ?? 0
  return new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(exact(decimal))
}

/** Money as a list shows it: round amounts without their empty cents. */
export function moneyText({ amount, currency }: Money, language: string): string {
  const whole = /^-?\d+(\.0*)?$/.test(amount)
  const format = new Intl.NumberFormat(language, { style: 'currency', currency, ...(whole ? { maximumFractionDigits: 0 } : {}) })
  return format.format(exact(amount))
}
