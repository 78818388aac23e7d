import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/catalog'
import { groupLevels, groupSteps, groupText, isGroupable, isMoment, type GroupLevel } from './list-plan'
import css from './panels.module.css'

interface Props {
  fields: Field[]
  group: string
  onGroup: (group: string) => void
}

/** By what the list is grouped: one field, and within it another. */
export function GroupPanel({ fields, group, onGroup }: Props) {
  const { t } = useTranslation('leads')
  const levels = groupLevels(group)
  const change = (at: number, level: GroupLevel | undefined) => onGroup(groupText(level ? [...levels.slice(0, at), level, ...levels.slice(at + 1)] : levels.slice(0, at)))
  return (
    <div className={css.panel}>
      <Level label={t('groupBy')} fields={fields} level={levels[0]} onChange={(level) => change(0, level)} />
      {levels.length > 0 && <Level label={t('groupThen')} fields={fields.filter(({ name }) => name !== levels[0].name)} level={levels[1]} onChange={(level) => change(1, level)} />}
    </div>
  )
}

interface LevelProps {
  label: string
  fields: Field[]
  level?: GroupLevel
  onChange: (level?: GroupLevel) => void
}

function Level({ label, fields, level, onChange }: LevelProps) {
  const { t } = useTranslation('leads')
  const field = fields.find(({ name }) => name === level?.name)
  const choose = (name: string) => {
    const chosen = fields.find((one) => one.name === name)
    onChange(chosen && { name, step: isMoment(chosen) ? 'month' : undefined })
  }
  return (
    <div className={css.level}>
      <label>
        {label}
        <select className={css.select} value={level?.name ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="">{t('groupNone')}</option>
          {fields.filter(isGroupable).map(({ name, label: text }) => (
            <option key={name} value={name}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {field && isMoment(field) && (
        <select className={css.select} aria-label={t('groupStep')} value={level?.step ?? 'month'} onChange={(event) => onChange({ name: field.name, step: event.currentTarget.value })}>
          {groupSteps.map((step) => (
            <option key={step} value={step}>
              {t(`step.${step}`)}
            </option>
          ))}
        </select>
      )}
    </div>
  )
}
