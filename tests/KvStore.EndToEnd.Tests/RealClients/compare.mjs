// compare.mjs THEIRS OURS   two ports of 127.0.0.1: runs the same calls of ioredis and of node-redis against a redis-server and a node of the store,
// and compares what the applications see. Prints every difference, and last how much was alike; exits 1 if anything differed.
import Redis from 'ioredis';
import { createClient } from 'redis';

const [theirs, ours] = process.argv.slice(2).map(Number);

// Every command that is worth the same on both sides, as it is typed. Sorted replies are marked: a listing has no order.
const typed = `
FLUSHDB
PING
PING hello
ECHO x
SELECT 0
SET s 1
SET s 2 EX 100
SET s 3 PX 100000
SET s 4 EXAT 99999999999
SET s 5 PXAT 99999999999000
SET s 6 NX
SET s 7 XX
SET s 8 GET
SET s 9 KEEPTTL
GET s
GETSET s x
GETEX s EX 100
GETEX s PERSIST
GETDEL s
GET s
SETEX s 100 v
PSETEX s 100000 v
SETNX s w
SETNX t w
MSET a 1 b 2 c 3
MGET a b c absent
EXISTS a b absent
APPEND a more
STRLEN a
INCR n
INCRBY n 41
DECR n
DECRBY n 20
GET n
TYPE n
TYPE absent
EXPIRE n 100
EXPIRE n 50 GT
PEXPIRE n 100000
EXPIREAT n 99999999999
PEXPIREAT n 99999999999000
EXPIRETIME n
PEXPIRETIME n
PERSIST n
TTL n
PTTL absent
INCR a
sorted KEYS *
sorted KEYS [ab]
DBSIZE
DEL a b absent
UNLINK c
CLIENT GETNAME
CLIENT SETNAME compared
CLIENT GETNAME
COMMAND GETKEYS MSET a 1 b 2
NOSUCH x
GET
SET s 1 EX 0
SCAN x
SCAN 0 COUNT 0
SCAN 0 NOPE 1
FLUSHDB
DBSIZE
sorted KEYS *
`.trim().split('\n');

const binary = Buffer.from([0, 1, 13, 10, 255, 128]);

/** Notes what a call came to, in order. */
class Log {
  lines = [];

  async add(name, call, sorted = false) {
    let value;
    try {
      value = await call();
      if (sorted) value = [...value].sort();
    } catch (error) {
      value = `error: ${error.message}`;
    }
    this.lines.push(`${name} -> ${JSON.stringify(value, (_, v) => typeof v === 'bigint' ? `${v}` : v)}`);
  }

  async typed(send) {
    for (const line of typed) {
      const words = line.split(' ');
      const sorted = words[0] === 'sorted';
      if (sorted) words.shift();
      await this.add(line, () => send(words), sorted);
    }
  }
}

async function withIoredis(port) {
  const client = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 1 });
  const log = new Log();
  await log.typed(words => client.call(words[0], ...words.slice(1)));
  await log.add('set, get', async () => [await client.set('k', 'v', 'EX', 100), await client.get('k'), await client.ttl('k')]);
  await log.add('binary', async () => [await client.set(binary, binary), (await client.getBuffer(binary)).equals(binary)]);
  await log.add('mset of an object', () => client.mset({ x: 1, y: 'two' }));
  await log.add('pipeline', () => client.pipeline().set('p', '1').incr('p').get('p').incr('x y').get('absent').exec());
  await log.add('many at once', () => Promise.all(Array.from({ length: 200 }, (_, i) => client.incrby(`m${i % 7}`, i))));
  await log.add('a large value', async () => {
    const large = 'v'.repeat(1_000_000);
    await client.set('large', large);
    return (await client.get('large')) === large;
  });
  await log.add('scanStream', async () => {
    const found = new Set();
    for await (const keys of client.scanStream({ match: 'm*', count: 3 })) keys.forEach(key => found.add(key));
    return found;
  }, true);
  await log.add('flushdb', async () => [await client.flushdb(), await client.dbsize()]);
  await client.quit();
  return log.lines;
}

async function withNodeRedis(port) {
  const client = createClient({ socket: { host: '127.0.0.1', port } });
  client.on('error', error => console.error(`node-redis at ${port}: ${error.message}`));
  await client.connect();
  const log = new Log();
  await log.typed(words => client.sendCommand(words));
  await log.add('set, get', async () => [await client.set('k', 'v', { EX: 100, NX: true }), await client.get('k'), await client.ttl('k')]);
  await log.add('set, get the old', () => client.set('k', 'w', { GET: true, KEEPTTL: true }));
  await log.add('mSet of an object', () => client.mSet({ x: '1', y: 'two' }));
  await log.add('mGet', () => client.mGet(['x', 'y', 'absent']));
  await log.add('exists, del', async () => [await client.exists(['x', 'y', 'absent']), await client.del(['x', 'y'])]);
  await log.add('many at once', () => Promise.all(Array.from({ length: 200 }, (_, i) => client.incrBy(`m${i % 7}`, i))));
  await log.add('expire', async () => [await client.expire('k', 50), await client.persist('k'), await client.pTTL('k')]);
  await log.add('scanIterator', async () => {
    const found = new Set();
    for await (const key of client.scanIterator({ MATCH: 'm[0-3]', COUNT: 2, TYPE: 'string' })) found.add(key);
    return found;
  }, true);
  await log.add('keys', () => client.keys('m*'), true);
  await log.add('flushDb', async () => [await client.flushDb(), await client.dbSize()]);
  await client.quit();
  return log.lines;
}

let differ = 0;
for (const [name, run] of [['ioredis', withIoredis], ['node-redis', withNodeRedis]]) {
  const [expected, actual] = [await run(theirs), await run(ours)];
  let alike = 0;
  expected.forEach((line, i) => {
    if (line === actual[i]) alike++;
    else console.log(`${name}: redis-server: ${line}\n${name}: KvStore:      ${actual[i]}`);
  });
  differ += expected.length - alike + Math.abs(expected.length - actual.length);
  console.log(`${name}: ${alike} of ${expected.length} alike`);
}
process.exit(differ === 0 ? 0 : 1);
