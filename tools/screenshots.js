// node tools/screenshots.js   makes docs/screenshot-today.png: today's page on the morning after the demonstration year, 1440 × 900.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const zlib = require('node:zlib');
const { Office } = require('../tests/rig.js');
const { launch, login } = require('../tests/browse.js');

const FILE = path.join(__dirname, '..', 'docs', 'screenshot-today.png');
const PASSWORD = 'wenhuishi2022';

// A page is ink on paper: its 256 most frequent colours stand for all, and the file becomes a third as large.
function small(png) {
  const width = png.readUInt32BE(16), height = png.readUInt32BE(20), n = png[25] === 6 ? 4 : 3, data = [];
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const raw = zlib.inflateSync(Buffer.concat(data)), row = width * n, out = Buffer.alloc((width + 1) * height), pixels = [], count = new Map();
  let above = Buffer.alloc(row);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)], line = Buffer.from(raw.subarray(y * (row + 1) + 1, (y + 1) * (row + 1)));
    for (let x = 0; x < row; x++) {              // RFC 2083, section 6
      const a = x >= n ? line[x - n] : 0, b = above[x], c = x >= n ? above[x - n] : 0, p = a + b - c;
      const paeth = Math.abs(p - a) <= Math.abs(p - b) && Math.abs(p - a) <= Math.abs(p - c) ? a : Math.abs(p - b) <= Math.abs(p - c) ? b : c;
      line[x] += [0, a, b, (a + b) >> 1, paeth][filter];
    }
    for (let x = 0; x < width; x++) {
      const key = line.readUIntBE(x * n, 3);
      count.set(key, (count.get(key) || 0) + 1);
      pixels.push(key);
    }
    above = line;
  }
  const part = (c, k) => (c >> (16 - 8 * k)) & 255, far = (a, b) => [0, 1, 2].reduce((sum, k) => sum + (part(a, k) - part(b, k)) ** 2, 0);
  const palette = [...count].sort((a, b) => b[1] - a[1]).slice(0, 256).map((c) => c[0]);
  const index = new Map([...count.keys()].map((c) => [c, palette.reduce((best, p, i) => (far(c, p) < far(c, palette[best]) ? i : best), 0)]));
  pixels.forEach((c, i) => { out[i + 1 + Math.floor(i / width)] = index.get(c); });
  const chunk = (type, body) => {
    const b = Buffer.alloc(body.length + 12);
    b.writeUInt32BE(body.length, 0);
    b.write(type, 4, 'latin1');
    body.copy(b, 8);
    b.writeUInt32BE(crc(b.subarray(4, body.length + 8)), body.length + 8);
    return b;
  };
  const head = Buffer.from(png.subarray(16, 29));
  head[8] = 8;
  head[9] = 3;                                   // indexed
  return Buffer.concat([png.subarray(0, 8), chunk('IHDR', head), chunk('PLTE', Buffer.from(palette.flatMap((c) => [0, 1, 2].map((k) => part(c, k))))),
    chunk('IDAT', zlib.deflateSync(out, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

function crc(bytes) {
  let c = ~0;
  for (const b of bytes) { c ^= b; for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1; }
  return ~c >>> 0;
}

(async () => {
  const office = new Office();
  office.ok(['demo']);
  await office.serve();
  const base = `http://127.0.0.1:${office.port}`, browser = await launch();
  try {
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN' })).newPage();
    await login(page, base, 'kezhang', PASSWORD);
    await page.mouse.move(0, 0);
    fs.writeFileSync(FILE, small(await page.screenshot()));
    console.log(`${path.relative(process.cwd(), FILE)}: ${fs.statSync(FILE).size} bytes`);
  } finally {
    await browser.close();
    await office.end();
  }
})();
