/** Every catalogue of this language, by path: one file to load. */
export const catalogues = import.meta.glob<Record<string, unknown>>('./en/*.json', { import: 'default', eager: true })
