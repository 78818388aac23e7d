import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '@/api/session'
import { Button } from '@/ui/button'
import { ChoiceChips } from '@/ui/choice-chips'
import { Modal } from '@/ui/modal'
import type { Layout, ListView, Share } from './list-plan'
import type { ViewActions } from './views'
import css from './view-bar.module.css'

/** What is asked before a view is changed. */
export interface Asked {
  act: 'saveAs' | 'rename' | 'share' | 'delete'
}

interface Props {
  asked: Asked
  view: ListView
  layout: Layout
  teams: { id: string; label: string }[]
  actions: ViewActions
  /** With the name of the view to show; undefined when nothing was done, blank for the usual one. */
  onDone: (name?: string) => void
}

/** Asks for a view's name and who finds it, or whether it may go. */
export function ViewDialog({ asked: { act }, view, layout, teams, actions, onDone }: Props) {
  const { t } = useTranslation('leads')
  const mayPublish = useMay('config.write')
  const [label, setLabel] = useState(act === 'rename' ? view.label : '')
  const [share, setShare] = useState<Share>(act === 'share' ? 'team' : 'own')
  const [department, setDepartment] = useState(teams[0]?.id)
  const shares: Share[] = ['own', ...(teams.length > 0 ? (['team'] as const) : []), ...(mayPublish ? (['everyone'] as const) : [])]
  const works: Record<Asked['act'], () => Promise<string>> = {
    saveAs: () => actions.saveAs(layout, { label: label.trim(), share, department }),
    rename: () => actions.rename(view, label.trim()),
    share: () => actions.share(view, 'team', department),
    delete: () => actions.remove(view),
  }
  const close = () => {
    actions.reset()
    onDone()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    works[act]().then(onDone, () => {})
  }
  const named = act === 'saveAs' || act === 'rename'
  return (
    <Modal opened onClose={close} title={t(`view.${act}`)}>
      <form className={css.dialog} onSubmit={submit}>
        {act === 'delete' && <span>{t('view.deleteAsk', { label: view.label })}</span>}
        {named && (
          <label>
            {t('view.label')}
            <input data-autofocus required maxLength={60} value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
          </label>
        )}
        {act === 'saveAs' && shares.length > 1 && <ChoiceChips label={t('view.who')} value={share} options={shares.map((name) => ({ name, label: t(`view.for.${name}`) }))} onChange={(name) => setShare(name as Share)} />}
        {share === 'team' && teams.length > 1 && (
          <label>
            {t('view.team')}
            <select value={department} onChange={(event) => setDepartment(event.currentTarget.value)}>
              {teams.map(({ id, label: name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
        {actions.error && <p role="alert">{actions.error.message}</p>}
        <div className={css.buttons}>
          <Button type="submit" loading={actions.pending} color={act === 'delete' ? 'red' : undefined}>
            {t(act === 'delete' ? 'view.delete' : 'view.save')}
          </Button>
          <Button variant="default" onClick={close}>
            {t('cancel')}
          </Button>
        </div>
      </form>
    </Modal>
  )
}
