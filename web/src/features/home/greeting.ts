/** Which greeting fits the hour of the day, by its name in the catalogue. */
export function greetingOf(hour: number): string {
  if (hour < 5 || hour >= 18) return 'evening'
  return hour < 12 ? 'morning' : 'afternoon'
}
