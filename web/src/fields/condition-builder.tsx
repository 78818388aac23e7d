import { Braces, Brackets, Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { Button } from '@/ui/button'
import { IconButton } from '@/ui/icon-button'
import { operatorLabel, operatorsOf, type Condition, type Operator } from './condition'
import { emptyGroup, type Group, type Item } from './condition-tree'
import { ValueInput } from './value-input'
import css from './condition-builder.module.css'

/** A condition to be filled in: the first field's usual question. */
export const blankCondition = (field: Field): Condition => ({ field: field.name, operator: operatorsOf(field)[0], values: [] })

interface GroupProps {
  group: Group
  fields: Field[]
  /** How deep it stands; the outermost is 0. */
  depth?: number
  onChange: (group: Group) => void
  onRemove?: () => void
}

const kinds = ['all', 'any', 'none', 'notAll'] as const
type Kind = (typeof kinds)[number]

const kindOf = ({ join, not }: Group): Kind => (join === 'all' ? (not ? 'notAll' : 'all') : not ? 'none' : 'any')
const ofKind = (group: Group, kind: Kind): Group => ({ ...group, join: kind === 'all' || kind === 'notAll' ? 'all' : 'any', not: kind === 'none' || kind === 'notAll' })

/** How deep groups may stand in each other; what comes deeper from a text is still shown. */
const deepest = 3

/** Conditions in groups, built by choosing; what cannot be built stands as an expression. */
export function ConditionBuilder({ group, fields, depth = 0, onChange, onRemove }: GroupProps) {
  const { t } = useTranslation('fields')
  const replace = (index: number, item: Item) => onChange({ ...group, items: group.items.with(index, item) })
  const remove = (index: number) => onChange({ ...group, items: group.items.toSpliced(index, 1) })
  const add = (item: Item) => onChange({ ...group, items: [...group.items, item] })
  const first = fields[0]
  return (
    <fieldset className={css.group} data-depth={depth}>
      <legend className="visually-hidden">{t(`group.${kindOf(group)}`)}</legend>
      {(depth > 0 || group.items.length > 1 || group.not) && (
        <div className={css.head}>
          <select aria-label={t('group.title')} value={kindOf(group)} onChange={(event) => onChange(ofKind(group, event.currentTarget.value as Kind))}>
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`group.${kind}`)}
              </option>
            ))}
          </select>
          {onRemove && (
            <IconButton label={t('group.remove')} onClick={onRemove}>
              <X size={16} aria-hidden="true" />
            </IconButton>
          )}
        </div>
      )}
      {group.items.map((item, index) => (
        // Two pieces may say the same; their place tells them apart.
        <Piece key={index} item={item} fields={fields} depth={depth} onChange={(next) => replace(index, next)} onRemove={() => remove(index)} />
      ))}
      <div className={css.adds}>
        {first && (
          <Button variant="subtle" size="xs" leftSection={<Plus size={14} aria-hidden="true" />} onClick={() => add({ condition: blankCondition(first) })}>
            {t('group.addCondition')}
          </Button>
        )}
        {first && depth < deepest && (
          <Button variant="subtle" size="xs" leftSection={<Brackets size={14} aria-hidden="true" />} onClick={() => add({ group: { ...emptyGroup(), join: group.join === 'all' ? 'any' : 'all', items: [{ condition: blankCondition(first) }] } })}>
            {t('group.addGroup')}
          </Button>
        )}
        <Button variant="subtle" size="xs" leftSection={<Braces size={14} aria-hidden="true" />} onClick={() => add({ text: '' })}>
          {t('group.addText')}
        </Button>
      </div>
    </fieldset>
  )
}

interface PieceProps {
  item: Item
  fields: Field[]
  depth: number
  onChange: (item: Item) => void
  onRemove: () => void
}

function Piece({ item, fields, depth, onChange, onRemove }: PieceProps) {
  const { t } = useTranslation('fields')
  if ('group' in item) return <ConditionBuilder group={item.group} fields={fields} depth={depth + 1} onChange={(group) => onChange({ group })} onRemove={onRemove} />
  return (
    <div className={css.piece}>
      {'condition' in item ? (
        <ConditionInputs condition={item.condition} fields={fields} onChange={(condition) => onChange({ condition })} />
      ) : (
        <input className={css.text} aria-label={t('group.text')} placeholder={t('group.text')} spellCheck={false} autoCapitalize="off" value={item.text} onChange={(event) => onChange({ text: event.currentTarget.value })} />
      )}
      <IconButton label={t('group.removeCondition')} onClick={onRemove}>
        <X size={16} aria-hidden="true" />
      </IconButton>
    </div>
  )
}

const counts = (operator: Operator) => operator === 'last_days' || operator === 'next_days'

/** A condition that compares otherwise; a count of days is no day, nor a day a count. */
const compared = (condition: Condition, operator: Operator): Condition => ({ ...condition, operator, values: counts(operator) === counts(condition.operator) ? condition.values : [] })

interface ConditionProps {
  condition: Condition
  fields: Field[]
  onChange: (condition: Condition) => void
}

function ConditionInputs({ condition, fields, onChange }: ConditionProps) {
  const { t } = useTranslation('fields')
  const field = fields.find(({ name }) => name === condition.field)
  if (!field) return null
  const chooseField = (name: string) => {
    const chosen = fields.find((one) => one.name === name)
    if (chosen) onChange(blankCondition(chosen))
  }
  return (
    <div className={css.condition}>
      <select aria-label={t('field')} value={field.name} onChange={(event) => chooseField(event.currentTarget.value)}>
        {fields.map(({ name, label }) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
      <select aria-label={t('comparison')} value={condition.operator} onChange={(event) => onChange(compared(condition, event.currentTarget.value as Operator))}>
        {operatorsOf(field).map((operator) => (
          <option key={operator} value={operator}>
            {t(operatorLabel(operator, field))}
          </option>
        ))}
      </select>
      <ValueInput field={field} condition={condition} onChange={(values) => onChange({ ...condition, values })} />
    </div>
  )
}
