// Reads every Parquet file of this folder with hyparquet, and counts rows.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const found = createRequire(process.env.NODE_HOME + '/package.json').resolve('hyparquet')
const { parquetReadObjects } = await import(pathToFileURL(found).href)
const record = JSON.parse(await readFile('release.json', 'utf8'))
const tables = record.revisions.flatMap(one => Object.values(one.tables))
for (const { path, rows } of [...tables, ...record.changes]) {
  const data = await readFile(path)
  const file = data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength)
  const read = await parquetReadObjects({ file })
  if (read.length !== rows) {
    console.error(`${path}: expected ${rows} rows, got ${read.length}`)
    process.exit(1)
  }
}
console.log(`${tables.length} tables, ${record.changes.length} change sets`)
