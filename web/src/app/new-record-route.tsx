import { useNavigate, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { call, Problem } from '@/api/call'
import { NewRecordPage } from '@/features/records/new-record-page'
import { notify } from '@/ui/notify'

/** Whether the reader sees a record that was just made: a rule may have given it to somebody else. */
async function mayRead(object: string, id: string): Promise<boolean> {
  try {
    await call('GET', `/records/${object}/${id}`)
    return true
  } catch (error) {
    return !(error instanceof Problem && error.status === 404)
  }
}

/** The form of a new record, which then opens; one that went to somebody else is told of at home. */
export function NewRecordRoute() {
  const { t } = useTranslation('app')
  const { object = 'lead' } = useParams({ strict: false })
  const navigate = useNavigate()
  const open = async (id: string) => {
    if (await mayRead(object, id)) return navigate({ to: '/o/$object/$id', params: { object, id } })
    notify(t('givenAway'))
    await navigate({ to: '/home' })
  }
  return <NewRecordPage key={object} object={object} onCreated={(id) => void open(id)} />
}
