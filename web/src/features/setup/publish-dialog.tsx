import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { listText } from '@/format/list-text'
import { Button } from '@/ui/button'
import { Modal } from '@/ui/modal'
import { notify } from '@/ui/notify'
import { DifferenceList } from './difference-list'
import { Effects } from './effects'
import { useDifferences, usePublish, useUses } from './queries'
import type { Difference, Draft } from './types'
import css from './drawers.module.css'

/** The last look before everybody works with it: every difference of the draft, and what is lost. */
export function PublishDialog({ draft, onClose, onDone }: { draft: Draft; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation('setup')
  const differences = useDifferences(draft.id)
  const publish = usePublish()
  // Awaited rather than called back: the draft is gone once it is published, and this dialog with it.
  const confirm = async () => {
    try {
      const { version } = await publish.mutateAsync(draft.id)
      notify(t('published', { version }))
      onClose()
      onDone()
    } catch {
      // What was refused stands in the dialog.
    }
  }
  const removed = differences.data?.filter(({ change }) => change === 'removed') ?? []
  return (
    <Modal opened onClose={onClose} title={t('publishTitle')} size="lg">
      {/* What publishes is off until the differences are read, so the focus begins at the whole. */}
      <div className={css.stack} tabIndex={-1} data-autofocus>
        {differences.isPending && <output>{t('loading')}</output>}
        {differences.error && <p role="alert">{differences.error.message}</p>}
        <DifferenceList items={differences.data ?? []} />
        <Effects draft={draft.id} />
        {removed.map((one) => (
          <StillUsed key={`${one.kind}/${one.name}`} one={one} />
        ))}
        {publish.error && <Refusal error={publish.error} />}
        <div className={css.acts}>
          <Button disabled={!differences.data || differences.data.length === 0} loading={publish.isPending} onClick={() => void confirm()}>
            {t('publishNow')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('cancel')}
          </Button>
        </div>
      </div>
    </Modal>
  )
}

function StillUsed({ one }: { one: Difference }) {
  const { t } = useTranslation('setup')
  const { data } = useUses(one.kind, one.name)
  if (!data || data.length === 0) return null
  return (
    <p className={css.lost} role="alert">
      {t('stillUsed', { document: one.label, count: data.length, users: listText(data.map(({ kind_label: kind, label }) => t('documentNamed', { kind, label }))) })}
    </p>
  )
}

function Refusal({ error }: { error: Error }) {
  const faults = error instanceof Problem ? error.errors : []
  return (
    <div className={css.lost} role="alert">
      <p>{error.message}</p>
      <ul>
        {faults.map(({ path, message }) => (
          <li key={path + message}>
            <code>{path}</code> {message}
          </li>
        ))}
      </ul>
    </div>
  )
}
