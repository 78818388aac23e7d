import { Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Button } from '@/ui/button'
import css from './agenda.module.css'

/** What was just done, and the way back. */
export interface Undoable {
  text: string
  undo: () => void
}

/** Says what was done until something else is done; one tap takes it back. */
export function UndoBar({ done }: { done: Undoable | null }) {
  const { t } = useTranslation('agenda')
  return (
    <div role="status" className={css.undo} hidden={!done}>
      {done && (
        <>
          <span>{done.text}</span>
          <Button variant="subtle" size="xs" leftSection={<Undo2 size={15} aria-hidden="true" />} onClick={done.undo}>
            {t('undo')}
          </Button>
        </>
      )}
    </div>
  )
}
