import { Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Problem } from '@/api/call'
import { download, downloadWith } from '@/api/download'
import { useMay } from '@/api/session'
import { Button } from '@/ui/button'
import { Menu } from '@/ui/menu'
import { notifyFailure } from '@/ui/notify'
import type { Question } from './list-plan'

interface Props {
  object: string
  question: Question
  /** The records to take; all that match where there are none named. */
  ids?: string[]
}

/** Takes the list, or the chosen records, away as a file; nothing for those who may not. */
export function BulkExport({ object, question: { filter, sort, fields }, ids }: Props) {
  const { t } = useTranslation('leads')
  if (!useMay('records.export')) return null
  const take = (format: 'csv' | 'xlsx') => {
    const path = `/records/${object}/export`
    const taken = ids ? downloadWith(path, { format, sort, fields, ids }) : download(path, { format, filter, sort, fields: fields.join(',') })
    taken.catch((error: unknown) => notifyFailure(error instanceof Problem ? error.message : t('exportFailed')))
  }
  return (
    <Menu
      align="start"
      entries={[
        { label: t('exportXlsx'), onSelect: () => take('xlsx') },
        { label: t('exportCsv'), onSelect: () => take('csv') },
      ]}
      trigger={(props) => (
        <Button variant="default" size="xs" leftSection={<Download size={14} aria-hidden="true" />} {...props}>
          {t('export')}
        </Button>
      )}
    />
  )
}
