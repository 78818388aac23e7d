import css from './monogram.module.css'

/** How many colours there are. */
const colours = 6

/** The first sign of a name on a quiet colour of its own, so that the eye finds a company again. It says nothing that the name beside it does not. */
export function Monogram({ name }: { name: string }) {
  return (
    <span className={css.monogram} data-colour={colourOf(name)} aria-hidden="true">
      {signOf(name)}
    </span>
  )
}

/** The sign that tells a name apart: places that many companies begin with are passed over. */
export function signOf(name: string): string {
  const rest = name.replace(/^(北京|上海|天津|重庆|广州|深圳|苏州|杭州|宁波|无锡|常州|南京|武汉|成都|西安|青岛|合肥|长沙|郑州|济南|东莞|佛山|厦门|福州|温州|嘉兴|沈阳|大连|长春|昆明|贵阳|太原|保定|洛阳|柳州|昆山)(市)?/, '')
  return [...(rest || name).trim()][0]?.toUpperCase() ?? ''
}

/** The same name always has the same colour. */
export function colourOf(name: string): number {
  let sum = 0
  for (const sign of name) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973
  return sum % colours
}
