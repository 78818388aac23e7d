import { useMutation, useQuery } from '@tanstack/react-query'
import { Copy, Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call, Problem } from '@/api/call'
import { keys } from '@/api/keys'
import { Button } from '@/ui/button'
import { notify } from '@/ui/notify'
import type { Body } from './document'
import css from './drawers.module.css'

interface Converted {
  yaml: string
  body: Body
}

interface Props {
  kind: string
  name: string
  body: Body
  onReplace: (body: Body) => void
}

/** The document as text: to copy, to keep as a file, to paste another. */
export function YamlView({ kind, name, body, onReplace }: Props) {
  const { t } = useTranslation('setup')
  const written = useQuery({
    queryKey: [...keys.setup, 'yaml', kind, name, body],
    queryFn: () => call<Converted>('POST', '/config/convert', { body: { kind, name, body } }),
    gcTime: 0,
  })
  const [text, setText] = useState<string | null>(null)
  const read = useMutation({ mutationFn: (yaml: string) => call<Converted>('POST', '/config/convert', { body: { kind, name, yaml } }), onSuccess: (answer) => onReplace(answer.body) })
  const shown = text ?? written.data?.yaml ?? ''
  const download = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([shown], { type: 'application/yaml' }))
    link.download = `${kind}.${name}.yaml`
    link.click()
    URL.revokeObjectURL(link.href)
  }
  const fault = read.error instanceof Problem ? (read.error.errors[0] as { line?: number; column?: number; message: string } | undefined) : undefined
  return (
    <div className={css.stack}>
      <p className={css.muted}>{t('yamlNote')}</p>
      {written.error && <p role="alert">{written.error.message}</p>}
      <textarea className={css.yaml} spellCheck={false} value={shown} aria-label={t('yaml')} onChange={(event) => setText(event.currentTarget.value)} />
      {read.error && (
        <p className={css.lost} role="alert">
          {fault?.line ? `${t('place', { line: fault.line, column: fault.column })} ` : ''}
          {fault?.message ?? read.error.message}
        </p>
      )}
      <div className={css.acts}>
        <Button disabled={text === null} loading={read.isPending} onClick={() => text !== null && read.mutate(text)}>
          {t('yamlTake')}
        </Button>
        {'clipboard' in navigator && (
          <Button variant="default" leftSection={<Copy size={14} aria-hidden="true" />} onClick={() => void navigator.clipboard.writeText(shown).then(() => notify(t('copied')))}>
            {t('copy')}
          </Button>
        )}
        <Button variant="default" leftSection={<Download size={14} aria-hidden="true" />} onClick={download}>
          {t('download')}
        </Button>
      </div>
    </div>
  )
}
