// What one writes with Express and node-redis in an hour: a user or an order is a hash, and then an entry of a stream, one awaited after the other.
// Nothing is checked, no request can be repeated, nothing is atomic, nobody consumes.
const { randomUUID } = require('node:crypto');
const express = require('express');
const { createClient } = require('redis');

const redis = createClient({ url: process.env.REDIS_URL });
const app = express();
app.use(express.json());

const append = (kind, type, stream) => async (request, response) => {
  const stored = { ...request.body, id: randomUUID(), createdAt: Date.now() };
  const json = JSON.stringify(stored);
  await redis.hSet(`${kind}:${stored.id}`, { s: json });
  await redis.xAdd(stream, '*', { type, event: json });
  response.status(201).json(stored);
};

app.post('/users', append('user', 'user_created', 'user-events'));
app.post('/orders', append('order', 'order_created', 'order-events'));
app.get('/health/ready', async (_, response) => response.send(await redis.ping()));

redis.connect().then(() => {
  const server = app.listen(0, '127.0.0.1', () => {
    console.log(`  health     http://127.0.0.1:${server.address().port}/health/ready`);
  });
  process.on('SIGTERM', () => process.exit(0));
});
