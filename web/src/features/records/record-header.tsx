import { Hand, Phone, Star } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import { Monogram } from '@/ui/monogram'
import css from './record.module.css'

interface Props {
  title: string
  status?: ReactNode
  pin?: ReactNode
  stars: number
  score?: string
  owner?: string
  onWhyOwner?: () => void
  onWhyScore?: () => void
  claim?: { run: () => void; pending: boolean }
  /** Where a tap dials; null in the demo, where nobody is to be called. */
  dial?: string | null
  /** What else can be done. */
  actions?: ReactNode
  /** How far it has come. */
  stages?: ReactNode
  children?: ReactNode
}

/** Who this is, whose it is and how good it looks; the reasons are one tap away. */
export function RecordHeader({ title, status, pin, stars, score, owner, onWhyOwner, onWhyScore, claim, dial, actions, stages, children }: Props) {
  const { t } = useTranslation('records')
  return (
    <header className={css.header}>
      <div className={css.headline}>
        <Monogram name={title} large />
        <h1 className={css.title}>{title}</h1>
        {status}
        {pin}
      </div>
      <div className={css.chips}>
        <button type="button" className={css.chip} onClick={onWhyOwner} disabled={!onWhyOwner} aria-label={`${t('why.ownerTitle')}: ${owner ?? t('nobody')}`}>
          {t('owner')} <strong>{owner ?? t('nobody')}</strong>
        </button>
        {(score !== undefined || stars > 0) && (
          <button type="button" className={css.chip} onClick={onWhyScore} disabled={!onWhyScore} aria-label={`${t('why.scoreTitle')}: ${score ?? ''} ${t('stars', { count: stars })}`}>
            {Array.from({ length: stars }, (_, n) => (
              <Star key={n} size={13} fill="currentColor" aria-hidden="true" />
            ))}
            <strong>{score}</strong>
          </button>
        )}
        {children}
      </div>
      <div className={css.actions}>
        {actions}
        {dial !== undefined && (
          <span className={css.headerDial}>
            <DialButton dial={dial} />
          </span>
        )}
        {claim && (
          <Button onClick={claim.run} loading={claim.pending} leftSection={<Hand size={16} aria-hidden="true" />}>
            {t('claim')}
          </Button>
        )}
      </div>
      {stages}
    </header>
  )
}

/** Dials; in the demo it only says why it does not. */
export function DialButton({ dial }: { dial: string | null }) {
  const { t } = useTranslation('records')
  const icon = <Phone size={16} aria-hidden="true" />
  if (dial === null) {
    return (
      <Button variant="default" leftSection={icon} disabled title={t('dialOff')}>
        {t('dial')}
      </Button>
    )
  }
  return (
    <Button component="a" href={`tel:${dial}`} variant="default" leftSection={icon}>
      {t('dial')}
    </Button>
  )
}
