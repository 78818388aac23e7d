import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FactsForm } from './facts-form'
import { planFacts, type PlannedSection } from './facts-plan'
import { valueText, type FieldShape } from '@/fields/field-value'
import type { StoredRecord } from './types'
import css from './facts.module.css'

interface Props {
  object: string
  sections: { label: string; fields: string[] }[]
  fields: FieldShape[]
  stored: StoredRecord
  mayEdit: boolean
  zone: string
}

/** What is known, by the sections of the page; what is not known yet waits behind one line. */
export function Facts({ sections, fields, stored, ...rest }: Props) {
  return (
    <>
      {planFacts(sections, fields, stored.record).map((section) => (
        <Section key={section.label} section={section} stored={stored} {...rest} />
      ))}
    </>
  )
}

interface SectionProps extends Omit<Props, 'sections' | 'fields'> {
  section: PlannedSection<FieldShape>
}

function Section({ section, object, stored, mayEdit, zone }: SectionProps) {
  const { t, i18n } = useTranslation('records')
  const [editing, setEditing] = useState<FieldShape[] | null>(null)
  const open = (fields: FieldShape[]) => setEditing(fields.filter((field) => !field.read_only))
  const blank = section.blank.filter((field) => !field.read_only)
  return (
    <section className={css.section} aria-label={section.label}>
      <div className={css.head}>
        <h2>{section.label}</h2>
        {mayEdit && !editing && (
          <button type="button" className={css.edit} onClick={() => open([...section.filled, ...section.blank])}>
            {t('edit')}
            <span className={css.hidden}>{section.label}</span>
          </button>
        )}
      </div>
      {editing ? (
        <FactsForm object={object} fields={editing} stored={stored} zone={zone} onDone={() => setEditing(null)} />
      ) : (
        <>
          <dl className={css.facts}>
            {section.filled.map((field) => (
              <div key={field.name}>
                <dt>{field.label}</dt>
                <dd>
                  <Value field={field} value={stored.record[field.name]} language={i18n.language} zone={zone} />
                </dd>
              </div>
            ))}
          </dl>
          {mayEdit && blank.length > 0 && (
            <button type="button" className={css.complete} onClick={() => open(blank)}>
              {t('complete', { count: blank.length })}
              <span className={css.blankNames}>{blank.map(({ label }) => label).join(t('listComma'))}</span>
            </button>
          )}
        </>
      )}
    </section>
  )
}

/** A value as text; a reference that may be opened is a link. */
function Value({ field, value, language, zone }: { field: FieldShape; value: unknown; language: string; zone: string }) {
  const text = valueText(field, value, language, zone)
  const { id, label } = (value ?? {}) as { id?: string; label?: string }
  if (field.type !== 'reference' || !field.object || !id || !label) return text
  return (
    <Link to="/o/$object/$id" params={{ object: field.object, id }}>
      {text}
    </Link>
  )
}
