/** A number of E.164 as people read it; Chinese mobile numbers in their usual groups. */
export function phoneText(phone: string): string {
  return phone.replace(/^\+86(1\d{2})(\d{4})(\d{4})$/, '$1 $2 $3')
}
