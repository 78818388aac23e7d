/** One thing that an administrator should look at; the text is a whole sentence. */
export interface Warning {
  code: string
  params?: Record<string, unknown>
  text: string
}
