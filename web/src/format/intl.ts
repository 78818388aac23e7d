/** Formats by language and wishes. Making one takes about a thousand times as long as using it. */
const made = new Map<string, Intl.DateTimeFormat>()

/** The format of dates of a language, made once for each kind. */
export function dateFormat(language: string, wishes: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(wishes)
  const known = made.get(key)
  if (known) return known
  const format = new Intl.DateTimeFormat(language, wishes)
  made.set(key, format)
  return format
}
