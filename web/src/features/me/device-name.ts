const systems: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]

/** In the order in which they have to be asked: each claims to be those after it. */
const browsers: [RegExp, string][] = [
  [/wxwork\//i, 'WeCom'],
  [/DingTalk\//, 'DingTalk'],
  [/Lark\/|Feishu\//, 'Feishu'],
  [/MicroMessenger\//, 'WeChat'],
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]

const first = (device: string, known: [RegExp, string][]) => known.find(([pattern]) => pattern.test(device))?.[1]

/** What a browser calls itself, as people call it. */
export function deviceName(device: string): string {
  const names = [first(device, browsers), first(device, systems)].filter(Boolean)
  return names.length > 0 ? names.join(' · ') : device.slice(0, 40)
}
