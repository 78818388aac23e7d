/** What log-in, home and the frame of every page say, by path: one small file to load first. */
export const catalogues = import.meta.glob<Record<string, unknown>>('./zh-CN/{app,auth,fields,home,operations}.json', { import: 'default', eager: true })
