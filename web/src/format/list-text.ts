import i18next from 'i18next'

/** Some things in one text, set apart as the reader's language does. */
export const listText = (things: string[], language: string = i18next.language ?? 'zh-CN'): string => things.join(language.startsWith('zh') ? '、' : ', ')
