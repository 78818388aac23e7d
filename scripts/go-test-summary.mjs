// Reads `go test -json` and prints a line a package, the output of what failed,
// and the counts. Exit code 1 when anything failed. With a file name as its
// argument the counts go there too, as "passed failed".
import { createInterface } from 'node:readline'
import { writeFileSync } from 'node:fs'

const output = new Map() // package or package/test → its lines
let passed = 0
let failed = 0

for await (const line of createInterface({ input: process.stdin })) {
  let event
  try {
    event = JSON.parse(line)
  } catch {
    console.log(line)
    continue
  }
  const key = event.Test ? `${event.Package}/${event.Test}` : (event.Package ?? event.ImportPath)
  if (event.Action === 'output' || event.Action === 'build-output') {
    output.set(key, (output.get(key) ?? '') + event.Output)
    continue
  }
  if (event.Action === 'build-fail') {
    failed++
    process.stdout.write(output.get(key) ?? '')
    continue
  }
  if (event.Action !== 'pass' && event.Action !== 'fail' && event.Action !== 'skip') continue
  if (event.Test) {
    if (event.Action === 'pass') passed++
    if (event.Action === 'fail') {
      failed++
      process.stdout.write(output.get(key) ?? '')
    }
    output.delete(key)
  } else {
    const word = { pass: 'ok  ', fail: 'FAIL', skip: '    ' }[event.Action]
    if (event.Action === 'fail') {
      if (!event.FailedBuild) process.stdout.write(output.get(key) ?? '')
      failed ||= 1
    }
    if (event.Action !== 'skip') console.log(`${word}\t${event.Package}\t${event.Elapsed}s`)
    output.delete(key)
  }
}
console.log(`go: ${passed} passed, ${failed} failed`)
if (process.argv[2]) writeFileSync(process.argv[2], `${passed} ${failed}\n`)
process.exitCode = failed ? 1 : 0
