/** One thing that an administrator should look at; text and advice are whole sentences. */
export interface Warning {
  code: string
  state: 'warn' | 'bad'
  params?: Record<string, unknown>
  text: string
  advice: string
}

/** One figure of the system. */
export interface Fact {
  code: string
  kind: 'text' | 'bytes' | 'time' | 'count' | 'seconds'
  value: string | number
}

export interface Health {
  items: Warning[]
  facts: Fact[]
}
