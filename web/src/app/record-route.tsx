import { useParams } from '@tanstack/react-router'
import { RecordScreen } from './record-screen'

/** The record that the address names; /leads is short for the object lead. */
export function RecordRoute() {
  const { object = 'lead', id = '' } = useParams({ strict: false })
  return <RecordScreen key={`${object}/${id}`} object={object} id={id} />
}
