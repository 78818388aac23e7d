/** One level of an order, or of groups: a field, its direction, and the step that its dates are taken by. */
export interface OrderKey {
  name: string
  descending: boolean
  step: string
}

/** The levels of `-created_at,company`, or of `created_at:month,owner`. */
export const orderKeys = (text: string): OrderKey[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [name, step = ''] = part.replace(/^-/, '').split(':')
      return { name, descending: part.startsWith('-'), step }
    })

export const orderText = (keys: OrderKey[]): string => keys.map(({ name, descending, step }) => (descending ? '-' : '') + name + (step && `:${step}`)).join(',')
