// SPDX-License-Identifier: Apache-2.0
//
// The peer in process: sharp's extract and resize, one picture a call, `workers` at a time. For run.
//   node sharp_extract.mjs ORIGINAL WORKERS COUNT FORMAT QUALITY WIDTH X Y W H STEP [OUT]
// FORMAT "ladder": COUNT rectangles in 6 widths x 3 formats, each decoded for itself. Prints "seconds images peak_kilobytes".
import { createRequire } from 'node:module'
import { readFileSync, writeFileSync } from 'node:fs'
const require = createRequire(process.cwd() + '/')
const sharp = require('sharp')

const [original, workers, count, format, quality, width, x, y, w, h, step, out] = process.argv.slice(2)
sharp.cache(false)
sharp.concurrency(1)
const WIDTHS = [1920, 1280, 810, 640, 480, 320]
const QUALITY = { jpeg: 80, webp: 82, avif: 50 } // sharp's own default for AVIF
const jobs = []
for (let i = 0; i < Number(count); i++) {
  const region = { left: Number(x) + i * Number(step), top: Number(y), width: Number(w), height: Number(h) }
  if (format === 'ladder') {
    for (const kind of Object.keys(QUALITY)) for (const rung of WIDTHS) jobs.push({ region, kind, rung, q: QUALITY[kind] })
  } else jobs.push({ region, kind: format, rung: Number(width), q: Number(quality) || QUALITY[format] })
}
let next = 0
async function work() {
  while (next < jobs.length) {
    const number = next++
    const job = jobs[number]
    const bytes = await sharp(original).extract(job.region).resize(job.rung).toFormat(job.kind, { quality: job.q }).toBuffer()
    if (out && number === 0) writeFileSync(out, bytes)
  }
}
await sharp(original).resize(64).toBuffer()
const start = performance.now()
await Promise.all(Array.from({ length: Number(workers) }, work))
console.log(((performance.now() - start) / 1000).toFixed(3), jobs.length, process.resourceUsage().maxRSS)
