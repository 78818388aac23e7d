/** Every other catalogue of this language, by path: one file to load with the first page beside home. */
export const catalogues = import.meta.glob<Record<string, unknown>>(['./en/*.json', '!./en/{app,auth,fields,home,operations}.json'], { import: 'default', eager: true })
