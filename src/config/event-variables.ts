import { z } from "zod";
import { define } from "./define.js";
import { MIN_SECRET, text, url } from "./values.js";

const EVENTS = "Events";

/** Where the events of the bus go, beside the stream of the API. */
export const EVENT_VARIABLES = {
  eventsAmqpUrl: define(
    EVENTS,
    "EVENTS_AMQP_URL",
    url(/^amqps?$/),
    "The address of RabbitMQ, which receives every event as a CloudEvent in a topic exchange (optional; docs/events.md).",
    { remedy: "Give an address such as amqp://user:password@rabbitmq:5672/vhost.", secret: true },
  ),
  eventsAmqpExchange: define(
    EVENTS,
    "EVENTS_AMQP_EXCHANGE",
    text,
    "The name of the topic exchange; the app creates it if it does not exist.",
    {
      remedy: "Give the name of a topic exchange, such as companyos.events.",
      fallback: "companyos.events",
      example: "companyos.events",
    },
  ),
  eventsWebhookUrl: define(
    EVENTS,
    "EVENTS_WEBHOOK_URL",
    url(/^https?$/),
    "The address that receives every event as a CloudEvent, signed with EVENTS_WEBHOOK_SECRET (optional).",
    { remedy: "Give an address such as https://events.example.com/hook.", secret: true },
  ),
  eventsWebhookSecret: define(
    EVENTS,
    "EVENTS_WEBHOOK_SECRET",
    z.string().min(MIN_SECRET, `must have at least ${MIN_SECRET} characters`),
    "The secret that signs these requests, as in the Standard Webhooks specification: `whsec_` and base64, or any text. Required with EVENTS_WEBHOOK_URL.",
    { remedy: 'Make one with `echo "whsec_$(openssl rand -base64 32)"`.', secret: true },
  ),
  eventsRedisUrl: define(
    EVENTS,
    "EVENTS_REDIS_URL",
    url(/^rediss?$/),
    "The address of a Redis that receives every event in the stream companyos:events (optional). Use another Redis than for the queues: the stream keeps 100,000 events.",
    { remedy: "Give redis://host:6379.", secret: true },
  ),
} as const;
