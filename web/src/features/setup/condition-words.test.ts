import { describe, expect, test } from 'vitest'
import { conditionInWords } from './condition-words'
import { fieldsOf } from './options'

const both = (chinese: string, english: string) => ({ 'zh-CN': chinese, en: english })
const object = {
  fields: [
    { name: 'source', label: both('来源', 'Source'), type: 'choice', choices: [{ name: '抖音', label: both('抖音', 'Douyin') }, { name: '展会', label: both('展会', 'Exhibition') }] },
    { name: 'product', label: both('意向产品', 'Product wanted'), type: 'choice', choices: [{ name: '抖音', label: both('抖音', 'Another') }] },
    { name: 'budget', label: both('预算', 'Budget'), type: 'currency' },
    { name: 'title', label: both('职位', 'Title'), type: 'text' },
    { name: 'city', type: 'text' },
  ],
}

describe('a condition is read', () => {
  test.each([
    ['来源 = "抖音"', 'Source = "Douyin"'],
    ['source = "抖音" AND ISBLANK(预算)', 'Source = "Douyin" AND ISBLANK(Budget)'],
    ['来源="抖音" AND 意向产品="抖音"', 'Source="Douyin" AND [Product wanted]="Another"'],
    ['来源 IN ("抖音", \'展会\')', 'Source IN ("Douyin", "Exhibition")'],
    ['来源 = 展会 OR [意向产品] = "别的"', 'Source = Exhibition OR [Product wanted] = "别的"'],
    ['CONTAINS(职位, "来源")', 'CONTAINS(Title, "来源")'],
    ['CONTAINS(职位, "总监 ""来源""")', 'CONTAINS(Title, "总监 ""来源""")'],
    ['city = "苏州" 且 预算 > 300000', 'city = "苏州" 且 Budget > 300000'],
    ['客户.来源 = 1', '客户.Source = 1'],
    ['"来源', '"Source'],
    ['', ''],
  ])('%s as %s in English', (text, words) => {
    expect(conditionInWords(text, fieldsOf(object, 'en'))).toBe(words)
  })

  test.each([
    ['source = "抖音"', '来源 = "抖音"'],
    ['[Product wanted] = "Another" AND Budget > 3', '意向产品 = "抖音" AND 预算 > 3'],
    ['nobody = "x" AND TODAY() > 3', 'nobody = "x" AND TODAY() > 3'],
  ])('%s as %s in Chinese', (text, words) => {
    expect(conditionInWords(text, fieldsOf(object, 'zh-CN'))).toBe(words)
  })
})
