import { Link } from '@tanstack/react-router'
import { ArrowRightLeft, Undo2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { Button } from '@/ui/button'
import { notify, notifyFailure } from '@/ui/notify'
import { useConversion, useConvert } from './queries'
import type { ConvertedRecord } from './types'
import css from './convert.module.css'

const ConvertDialog = lazy(() => import('./convert-dialog').then(({ ConvertDialog: dialog }) => ({ default: dialog })))

/** The way from a lead to its project: the button, its dialog, and afterwards what came of it with the way back. */
export function Convert({ object, id }: { object: string; id: string }) {
  const plan = useConversion(object, id)
  const [open, setOpen] = useState(false)
  if (!plan) return null
  // What is converted, here or by a hint that came before the answer, is not asked for again once it is undone.
  if (open && plan.state !== 'ready') setOpen(false)
  if (plan.state === 'converted') return <Converted object={object} id={id} records={plan.records ?? []} />
  if (plan.state !== 'ready') return null
  return (
    <>
      <Button variant="default" leftSection={<ArrowRightLeft size={16} aria-hidden="true" />} onClick={() => setOpen(true)}>
        {plan.label}
      </Button>
      {open && (
        <Suspense>
          <ConvertDialog object={object} id={id} plan={plan} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

function Converted({ object, id, records }: { object: string; id: string; records: ConvertedRecord[] }) {
  const { t } = useTranslation('records')
  const { undo } = useConvert(object, id)
  const run = () =>
    undo.mutate(undefined, {
      onSuccess: () => notify(t('convert.undone')),
      onError: (error) => notifyFailure(whyNot(error)),
    })
  return (
    <span className={css.done}>
      <Records records={records} />
      <Button variant="subtle" loading={undo.isPending} leftSection={<Undo2 size={16} aria-hidden="true" />} onClick={run}>
        {t('convert.undo')}
      </Button>
    </span>
  )
}

/** The records of a conversion that the reader may open. */
export function Records({ records }: { records: ConvertedRecord[] }) {
  return records
    .filter(({ id }) => id)
    .map(({ object, id = '', name, label }) => (
      <Link key={id} className={css.record} to="/o/$object/$id" params={{ object, id }}>
        {name}
        {label && ` · ${label}`}
      </Link>
    ))
}

/** A refusal with what stands in the way, each in words. */
function whyNot(error: Error): string {
  const parts = error instanceof Problem ? error.errors.map(({ message }) => message) : []
  return [error.message, ...parts].join(' ')
}
