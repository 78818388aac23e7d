import { useTranslation } from 'react-i18next'
import { KeyList } from '@/ui/key-list'
import { Modal } from '@/ui/modal'
import { leaps } from './keys'
import type { Reach } from './use-commands'

/** Every key of the app: those heard everywhere, and those of lists, boards and forms. */
export function KeysOverview({ reach: { places, mayCreate }, onClose }: { reach: Reach; onClose: () => void }) {
  const { t } = useTranslation(['keys', 'app'])
  const leapKeys = Object.entries(leaps).flatMap(([key, to]): [string, string][] => {
    const place = places.find((one) => one.to === to)
    return place ? [[`G ${key.toUpperCase()}`, t('goTo', { place: place.text ? t(`app:${place.text}`) : place.label })]] : []
  })
  const create: [string, string][] = mayCreate ? [['N', t('newLead')]] : []
  return (
    <Modal opened onClose={onClose} title={t('title')} size="lg">
      <KeyList title={t('everywhere')} keys={[['Ctrl K', t('find')], ...create, ...leapKeys, ['?', t('this')]]} />
      <KeyList title={t('lists')} keys={[['J K', t('rows')], ['↑ ↓ ← →', t('cells')], ['Enter', t('open')], ['F2', t('edit')], ['Space', t('select')], ['/', t('filter')], ['Ctrl Z', t('undo')]]} />
      <KeyList title={t('elsewhere')} keys={[['Alt ← → ↑ ↓', t('move')], ['Ctrl Enter', t('send')], ['Ctrl S', t('save')], ['Esc', t('close')]]} />
    </Modal>
  )
}
