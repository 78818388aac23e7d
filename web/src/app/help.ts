/** Which page of the guide is about which screens; the first that fits. */
const about: [screens: RegExp, page: string][] = [
  [/^\/setup/, 'first-day-builder'],
  [/^\/channels/, 'first-day-marketing'],
  [/^\/(health|security|audit|people)/, 'first-day-it'],
  [/^\/(dash|operations)/, 'first-day-manager'],
  [/^\/o\/ticket/, 'first-day-service'],
  [/^\/(leads|o\/[^/]+)\/[^/]+/, 'first-day-sales'],
  [/^\/(leads|o)\b/, 'lists'],
]

/** The address of the help for a screen; where none is about it, of the reader's own first day. */
export function helpFor(path: string, language: string): string {
  const page = about.find(([screens]) => screens.test(path))?.[1]
  return page ? `/help/${language}/${page}` : `/help/first-day?lang=${language}`
}
