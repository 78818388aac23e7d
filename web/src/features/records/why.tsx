import { useTranslation } from 'react-i18next'
import type { OwnerReason, ScoreReason } from './types'
import css from './why.module.css'

/** Which rule gave the record its owner, and who else could have been chosen. */
export function WhyOwner({ reason }: { reason: OwnerReason }) {
  const { t } = useTranslation('records')
  return (
    <div className={css.why}>
      <p className={css.text}>{reason.text}</p>
      <dl className={css.facts}>
        <dt>{t('why.row')}</dt>
        <dd>{reason.row_label || reason.row}</dd>
        <dt>{t('why.condition')}</dt>
        <dd>
          <code>{reason.condition || '–'}</code>
          {reason.row_changed && <p className={css.note}>{t('why.rowChanged')}</p>}
        </dd>
        <dt>{t('why.table')}</dt>
        <dd>
          {reason.table} · {t('why.version', { version: reason.version })}
        </dd>
        {reason.pool && (
          <>
            <dt>{t('why.pool')}</dt>
            <dd>
              {reason.pool}
              {reason.strategy && ` · ${t(`why.strategy.${reason.strategy}`, { defaultValue: reason.strategy })}`}
            </dd>
          </>
        )}
      </dl>
      {reason.candidates.length > 0 && (
        <table className={css.table}>
          <caption>{t('why.candidates')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('why.person')}</th>
              <th scope="col">{t('why.load')}</th>
              <th scope="col">{t('why.outcome')}</th>
            </tr>
          </thead>
          <tbody>
            {reason.candidates.map(({ user, load, capacity, eligible, reason: hindrance }) => {
              const chosen = user.id === chosenOf(reason)
              return (
                <tr key={user.id} data-chosen={chosen || undefined}>
                  <th scope="row">{user.label ?? user.id}</th>
                  <td>
                    {capacity ? `${load} / ${capacity}` : load}
                  </td>
                  <td>{chosen ? `✓ ${t('why.chosen')}` : eligible ? t('why.eligible') : t(`why.hindrance.${hindrance ?? 'none'}`, { defaultValue: t('why.notEligible') })}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      )}
    </div>
  )
}

const chosenOf = ({ chosen }: OwnerReason) => (typeof chosen === 'string' ? chosen : chosen?.id)

/** What the score is made of. */
export function WhyScore({ reason }: { reason: ScoreReason }) {
  const { t } = useTranslation('records')
  return (
    <div className={css.why}>
      <p className={css.text}>{reason.text}</p>
      <table className={css.table}>
        <caption>
          {t('why.version', { version: reason.version })}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t('why.rule')}</th>
            <th scope="col">{t('why.points')}</th>
          </tr>
        </thead>
        <tbody>
          {reason.contributions.map(({ rule, label, points, text }) => (
            <tr key={rule}>
              <th scope="row">
                {label || rule}
                {text && <small>{text}</small>}
              </th>
              <td>{Number(points) > 0 ? `+${points}` : points}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('why.total')}</th>
            <td>
              {reason.total} · {'★'.repeat(Number(reason.stars))}
            </td>
          </tr>
        </tfoot>
      </table>
    </div>
  )
}
