import { useNavigate, useParams } from '@tanstack/react-router'
import { NewRecordPage } from '@/features/records/new-record-page'

/** The form of a new record, which then opens. */
export function NewRecordRoute() {
  const { object = 'lead' } = useParams({ strict: false })
  const navigate = useNavigate()
  return <NewRecordPage key={object} object={object} onCreated={(id) => void navigate({ to: '/o/$object/$id', params: { object, id } })} />
}
