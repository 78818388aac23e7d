import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { takesValue, type Condition } from './condition'
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
      {field.label} {t(`operator.${operator}`)} {named}
    </>
  )
}
