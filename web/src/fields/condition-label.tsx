import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { operatorLabel, takesValue, type Condition } from './condition'
import type { Item } from './condition-tree'
import { usePeople } from './people'

interface Props {
  field: Field
  condition: Condition
}

/** A condition as a person says it. */
export function ConditionLabel({ field, condition: { operator, values } }: Props) {
  const { t } = useTranslation('fields')
  const people = usePeople(field.type === 'person' && values.length > 0)
  const said = (value: string) => field.choices?.find(({ name }) => name === value)?.label ?? people.find(({ id }) => id === value)?.name ?? value
  const named = takesValue(operator) ? values.map(said).join(t('or')) : ''
  if (operator === 'last_days' || operator === 'next_days') return <>{t(`says.${operator}`, { field: field.label, count: Number(values[0]) })}</>
  return (
    <>
      {field.label} {t(operatorLabel(operator, field))}
      {named && ` ${named}`}
    </>
  )
}

/** A piece of a filter in words: a condition, a group of them in brackets, or an expression as it is written. */
export function ItemLabel({ item, fields }: { item: Item; fields: Field[] }) {
  const { t } = useTranslation('fields')
  if ('text' in item) return <code>{item.text}</code>
  if ('condition' in item) {
    const field = fields.find(({ name }) => name === item.condition.field)
    return field ? <ConditionLabel field={field} condition={item.condition} /> : null
  }
  const { join, not, items } = item.group
  return (
    <>
      {not && `${t('group.not')} `}(
      {items.map((one, index) => (
        // Two pieces may say the same; their place tells them apart.
        <Fragment key={index}>
          {index > 0 && ` ${t(`group.${join === 'all' ? 'and' : 'or'}`)} `}
          <ItemLabel item={one} fields={fields} />
        </Fragment>
      ))}
      )
    </>
  )
}
