import { Problem } from '@/api/call'

/** A person who can be named. */
export interface Person {
  id: string
  name: string
}

/** What is being typed behind an @ just before the caret; undefined when nothing is. */
export function wantedName(text: string, caret: number): string | undefined {
  return /@([^\s@]{0,20})$/.exec(text.slice(0, caret))?.[1]
}

/** The text with the person's name in place of what was typed behind the @, and where the caret then stands. */
export function withName(text: string, caret: number, name: string): { text: string; caret: number } {
  const before = text.slice(0, caret).replace(/@[^\s@]{0,20}$/, `@${name} `)
  return { text: before + text.slice(caret), caret: before.length }
}

/** The chosen people whose names still stand in the text. */
export const mentioned = (text: string, chosen: Person[]): string[] => [...new Set(chosen.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id))]

/** Why the server refused, of the person named where it says so. */
export const problemText = (error: Error): string => (error instanceof Problem && error.errors[0]?.message) || error.message
