import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Operation } from '@/api/operations'
import { IconButton } from '@/ui/icon-button'
import { OperationLine } from './operation-line'
import css from './operations.module.css'

interface Props {
  operations: Operation[]
  onClose: () => void
}

/** The operations at work and those that just ended, over every page. */
export function Dock({ operations, onClose }: Props) {
  const { t } = useTranslation('operations')
  return (
    <section className={css.dock} aria-label={t('title')}>
      <header>
        <Link to="/operations">{t('title')}</Link>
        <IconButton label={t('close')} size={32} onClick={onClose}>
          <X size={16} />
        </IconButton>
      </header>
      <div aria-live="polite">
        {operations.map((operation) => (
          <OperationLine key={operation.id} operation={operation} />
        ))}
      </div>
    </section>
  )
}
